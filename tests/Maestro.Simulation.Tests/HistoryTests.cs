using Maestro.Simulation.Histories;
using Maestro.Simulation.Scenarios;

namespace Maestro.Simulation.Tests;

/// <summary>The short budget of every test run; <c>build.ps1 -Task Simulate</c> runs the long one.</summary>
public sealed class HistoryTests
{
    private const double BudgetMinutes = 0.5;

    public static TheoryData<string> Kept { get; } = [.. KeptScenarios.All().Select(k => k.Name)];

    [Theory]
    [MemberData(nameof(Kept))]
    public void A_bug_that_was_found_is_not_back(string name)
    {
        var result = History.Run(KeptScenarios.All().Single(k => k.Name == name).Kept.Scenario);
        Assert.True(result.Holds, result.Failure + "\n" + string.Join("\n", result.Last));
    }

    [Fact]
    public void All_invariants_hold_in_as_many_histories_as_the_budget_allows()
    {
        var options = new SimulationOptions { Seeds = 10_000, Hours = 0.5, Minutes = BudgetMinutes };
        var run = new SeedRun(options);
        var output = new StringWriter();
        run.Run(
            result =>
            {
                if (!result.Holds) Report.Failure(result, options, output);
            },
            stopAt: 1);
        Assert.True(run.Failures.Count == 0, output.ToString());
        Assert.True(run.Histories > 0);
    }
}

using Maestro.Simulation.Histories;
using Maestro.Simulation.Scenarios;

namespace Maestro.Simulation.Tests;

/// <summary>The short budget of every test run; <c>build.ps1 -Task Simulate</c> runs the long one.</summary>
public sealed class HistoryTests
{
    // A number of histories, not a time: what a test looks at must not hang on how fast the machine is.
    private const int Histories = 100;

    public static TheoryData<string> Kept { get; } = [.. KeptScenarios.All().Select(k => k.Name)];

    [Theory]
    [MemberData(nameof(Kept))]
    public void A_bug_that_was_found_is_not_back(string name)
    {
        var result = History.Run(KeptScenarios.All().Single(k => k.Name == name).Kept.Scenario);
        Assert.True(result.Holds, result.Failure + "\n" + string.Join("\n", result.Last));
    }

    [Fact]
    public void All_invariants_hold_in_a_hundred_histories() => Hold(new SimulationOptions { Seeds = Histories, Hours = 0.5 });

    /// <summary>With the policy's syncs, restarts and joiners beside them, and with all faults that befall those.</summary>
    [Fact]
    public void All_invariants_hold_in_histories_of_configurations() => Hold(new SimulationOptions { Seeds = 20, Hours = 0.5, Focus = ["SyncConfiguration", "HealConfiguration", "SyncPolicy", "AddMember", "Restart", "StopOperation"] });

    /// <summary>As <c>build.ps1 -Task Simulate</c> asks: from seeds that follow the clock, until its time is over.</summary>
    [Fact]
    public void A_run_that_only_time_ends_runs_histories_from_the_highest_seeds_too()
    {
        var run = new SeedRun(new SimulationOptions { First = 999_999_000, Seeds = int.MaxValue, Hours = 0.02, Minutes = 0.01, Threads = 1 });
        run.Run(_ => { });
        Assert.NotEqual(0, run.Histories);
        Assert.False(Report.IsFailure(run));
        Assert.True(Report.IsFailure(new SeedRun(new SimulationOptions())));
    }

    private static void Hold(SimulationOptions options)
    {
        var run = new SeedRun(options);
        var output = new StringWriter();
        run.Run(
            result =>
            {
                if (!result.Holds) Report.Failure(result, options, output);
            },
            stopAt: 1);
        Assert.True(run.Failures.Count == 0, output.ToString());
        Assert.Equal(options.Seeds, run.Histories);
    }
}

using Maestro.Simulation.Scenarios;

namespace Maestro.Simulation.Tests;

public sealed class ScenarioTests
{
    [Fact]
    public void A_scenario_survives_being_written_and_read()
    {
        var scenario = ScenarioMaker.Make(4711, TimeSpan.FromHours(1));
        var read = ScenarioFile.Read(ScenarioFile.Write(new KeptScenario(scenario) { Invariant = "I3 nobody is forgotten", Commit = "abc1234", Mutant = "undo is forgotten" }));
        Assert.Equal(scenario.Entries, read.Scenario.Entries);
        Assert.Equal(scenario.Shape.GroupSizes, read.Scenario.Shape.GroupSizes);
        Assert.Equal(scenario.Shape with { GroupSizes = [] }, read.Scenario.Shape with { GroupSizes = [] });
        Assert.Equal((scenario.Seed, scenario.Length), (read.Scenario.Seed, read.Scenario.Length));
        Assert.Equal(("I3 nobody is forgotten", "abc1234", "undo is forgotten"), (read.Invariant, read.Commit, read.Mutant));
    }

    [Fact]
    public void A_line_that_is_none_is_refused() => Assert.Throws<FormatException>(() => ScenarioFile.Read("seed\n"));

    [Fact]
    public void Shrinking_keeps_what_it_fails_on_and_nothing_else()
    {
        var scenario = ScenarioMaker.Make(1, TimeSpan.FromHours(2));
        var needed = new[] { scenario.Entries[3], scenario.Entries[scenario.Entries.Count / 2] };
        var least = Shrinker.Shrink(scenario, s => needed.All(s.Entries.Contains));
        Assert.Equal(needed, least.Entries);
        Assert.True(least.Length < scenario.Length);
    }

    [Fact]
    public void Every_kind_of_fault_and_wish_is_drawn_by_some_seed()
    {
        // Configurations are drawn only for who asks for them.
        var asked = ScenarioMaker.Make(1, TimeSpan.FromHours(1), ["SyncConfiguration", "HealConfiguration"]).Entries;
        var clustering = Enumerable.Range(1, 50).SelectMany(seed => ScenarioMaker.Make(seed, TimeSpan.FromHours(1), [ClusteringMaker.Focus]).Entries);
        var drawn = Enumerable.Range(1, 200).SelectMany(seed => ScenarioMaker.Make(seed, TimeSpan.FromHours(1)).Entries).Concat(asked).Concat(clustering).Select(e => e.What).Distinct().Count();
        Assert.Equal(Enum.GetNames<Faults.FaultKind>().Length + Enum.GetNames<Workload.Intent>().Length, drawn);
    }
}

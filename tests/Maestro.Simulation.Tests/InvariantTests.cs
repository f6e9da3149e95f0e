using Maestro.Simulation.Histories;
using Maestro.Simulation.Invariants;
using Maestro.Simulation.Scenarios;

namespace Maestro.Simulation.Tests;

public sealed class InvariantTests
{
    [Fact]
    public void An_invariant_that_looks_after_every_event_is_told_of_every_event()
    {
        using var history = new History(ScenarioMaker.Make(1, TimeSpan.FromMinutes(1)));
        Assert.All(AllInvariants.Of(history), i => Assert.Equal(i.GetType().GetMethod(nameof(Invariant.AfterEvent))!.DeclaringType != typeof(Invariant), i.WatchesWorld));
    }
}

using Maestro.Engine.Clustering.Distribution;
using Maestro.Engine.Fabrics;
using Maestro.Engine.Model.Monitoring;
using Maestro.Engine.Monitoring.Watch;

namespace Maestro.Engine.Tests.Monitoring;

public sealed class OrchestratorChangesTests
{
    private static readonly OrchestratorTraffic Well = new() { Orchestrator = "1_2", Answers = true, HasAddresses = false };
    private static readonly OrchestratorTraffic Silent = Well with { Answers = false, HasAddresses = null, Fault = "does not answer: gone" };
    private static readonly OrchestratorTraffic Older = Well with { Fault = "goes by version 3" };

    [Fact]
    public void What_is_well_is_not_told()
    {
        Assert.Empty(Changes(null, Well));
        Assert.Empty(Changes(Well, Well));
        Assert.Empty(Changes(Older, Older));
        Assert.Empty(Changes(Silent, Silent));
    }

    [Fact]
    public void Who_is_lost_comes_back_behind_and_is_brought_in_step_is_told_each_time()
    {
        Assert.Equal([(MaestroEventKind.OrchestratorLost, "1_2 does not answer: gone")], Changes(Well, Silent));
        Assert.Equal([(MaestroEventKind.OrchestratorLost, "1_2 does not answer: gone")], Changes(null, Silent));
        Assert.Equal([(MaestroEventKind.OrchestratorBack, "1_2 answers again"), (MaestroEventKind.OrchestratorOutOfStep, "1_2 goes by version 3")], Changes(Silent, Older));
        Assert.Equal([(MaestroEventKind.OrchestratorInStep, "1_2 goes by the group's table again")], Changes(Older, Well));
        Assert.Equal([(MaestroEventKind.OrchestratorBack, "1_2 answers again")], Changes(Silent, Well));
    }

    [Fact]
    public void Another_one_that_has_the_addresses_is_told_and_nobody_for_a_moment_is_not()
    {
        Assert.Equal([(MaestroEventKind.AddressesMoved, "1_2 has the addresses that neighbours send to, before it was 1_1")], Changes(Well, Well with { HasAddresses = true }, firstHad: true));
        Assert.Empty(Changes(Well with { HasAddresses = true }, Well));
    }

    [Fact]
    public void Nobody_is_brought_in_step_while_one_is_silent()
    {
        Assert.Equal(["1_2 goes by version 3"], OrchestratorChanges.Behind(Traffic(new() { Orchestrator = "1_1", Answers = true }, Older)));
        Assert.Empty(OrchestratorChanges.Behind(Traffic(new() { Orchestrator = "1_1", Answers = false, Fault = "does not answer" }, Older)));
    }

    private static List<(MaestroEventKind, string)> Changes(OrchestratorTraffic? before, OrchestratorTraffic after, bool firstHad = false)
    {
        var first = new OrchestratorTraffic { Orchestrator = "1_1", Answers = true, HasAddresses = firstHad };
        return [.. OrchestratorChanges.Of(before is null ? null : Traffic(first, before), Traffic(first with { HasAddresses = false }, after)).Select(e => (e.Kind, e.Text))];
    }

    private static GroupTraffic Traffic(params OrchestratorTraffic[] orchestrators) =>
        new() { SecurityGroup = "dmz", Table = new DistributionTable(FlowRules.Default, SlotTable.Empty(8)), ObservedAt = DateTimeOffset.UnixEpoch, Orchestrators = orchestrators };
}

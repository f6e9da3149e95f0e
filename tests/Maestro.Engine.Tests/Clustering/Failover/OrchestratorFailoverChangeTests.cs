using Maestro.Engine.Clustering.Distribution;
using Maestro.Engine.Clustering.Failover;
using Maestro.Engine.Fabrics;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Fabric;
using Maestro.Engine.Operations.Plans;
using Maestro.Engine.Tests.Worlds;

namespace Maestro.Engine.Tests.Clustering.Failover;

public sealed class OrchestratorFailoverChangeTests
{
    private static readonly OrchestratorTraffic Ready = new() { Orchestrator = "1_2", Answers = true, HasAddresses = false };

    [Fact]
    public void It_takes_the_traffic_lease_alone_and_says_who_gets_the_addresses()
    {
        var plan = Plan("1_1", Ready);
        Assert.Equal(["traffic:dmz"], plan.Resources);
        Assert.Equal(("traffic.yield", "1_1"), plan.AllSteps.Select(s => (s.Kind, s.Arguments["orchestrator"])).Single());
        Assert.Equal("orchestrator 1_1: gives its addresses to 1_2", plan.Decisions.Single().ToString());
        Assert.Empty(plan.Warnings);
    }

    [Fact]
    public void One_that_has_none_has_nothing_to_give() => Assert.True(Plan("1_2", Ready).IsEmpty);

    [Theory]
    [InlineData(false, "goes by version 3", "", "1_2 goes by version 3")]
    [InlineData(null, "", "", "no other orchestrator shares its addresses")]
    [InlineData(false, "", "keepalived is missing", "1_2 lacks something: keepalived is missing")]
    public void One_that_is_not_ready_gets_nothing(bool? has, string fault, string lack, string why)
    {
        var refused = Assert.Throws<MaestroException>(() => Plan("1_1", Ready with { HasAddresses = has, Fault = fault, Lack = lack }));
        Assert.Equal(ErrorCatalogue.OrchestratorNotReady, refused.Code);
        Assert.Contains(why, refused.Message);
    }

    [Fact]
    public void One_that_does_not_answer_gets_nothing_and_gives_nothing()
    {
        var silent = Ready with { Answers = false, HasAddresses = null, Fault = "does not answer: no route" };
        Assert.Contains("1_2 does not answer: no route", Assert.Throws<MaestroException>(() => Plan("1_1", silent)).Message);
        Assert.Equal(ErrorCatalogue.OrchestratorNotReady, Assert.Throws<MaestroException>(() => Plan("1_2", silent)).Code);
    }

    [Fact]
    public void Other_groups_of_the_orchestrator_go_along_and_must_be_in_step_as_well()
    {
        Assert.Equal(["The traffic of edge goes along: it enters over the same orchestrator."], Plan("1_1", Ready, edge: Ready).Warnings);
        Assert.Contains("is out of step for 'edge': has no table", Assert.Throws<MaestroException>(() => Plan("1_1", Ready, edge: Ready with { Fault = "has no table" })).Message);
    }

    [Fact]
    public void Where_no_addresses_are_shared_the_way_to_share_them_is_named()
    {
        var world = World([], null);
        var refused = Assert.Throws<MaestroException>(() => new OrchestratorFailoverChange { Group = "dmz", Orchestrator = "1_1" }.Plan(world));
        Assert.Equal(ErrorCatalogue.FabricCannot, refused.Code);
        Assert.Contains("virtualAddress", refused.Advice);
        Assert.Equal(ErrorCatalogue.OrchestratorNotFound, Assert.Throws<MaestroException>(() => new OrchestratorFailoverChange { Group = "dmz", Orchestrator = "1_9" }.Plan(world)).Code);
    }

    private static Plan Plan(string orchestrator, OrchestratorTraffic other, OrchestratorTraffic? edge = null)
    {
        var own = new OrchestratorTraffic { Orchestrator = "1_1", Answers = true, HasAddresses = true };
        return new OrchestratorFailoverChange { Group = "dmz", Orchestrator = orchestrator }.Plan(World([own, other], edge is null ? null : [own, edge]));
    }

    private static ObservedWorld World(IReadOnlyList<OrchestratorTraffic> dmz, IReadOnlyList<OrchestratorTraffic>? edge)
    {
        var world = new WorldBuilder().Group("dmz").Group("edge").Member("dmz", "1_1").Build();
        return world with
        {
            Facets = [.. world.Facets, FabricFacet.Traffic],
            Deployed = world.Deployed with { Orchestrators = [new Orchestrator { Id = "1_1", Site = 1 }, new Orchestrator { Id = "1_2", Site = 1 }] },
            Distributions = [Traffic("dmz", dmz), Traffic("edge", edge ?? [])],
        };
    }

    private static GroupTraffic Traffic(string group, IReadOnlyList<OrchestratorTraffic> orchestrators) =>
        new() { SecurityGroup = group, Table = new DistributionTable(FlowRules.Default, SlotTable.Empty(8)), ObservedAt = DateTimeOffset.UnixEpoch, Orchestrators = orchestrators };
}

using Maestro.Engine.Clustering.Failover;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Groups;
using Maestro.Engine.Operations.Plans;
using Maestro.Engine.Tests.Worlds;

namespace Maestro.Engine.Tests.Clustering.Failover;

public sealed class SiteFailoverChangeTests
{
    [Fact]
    public void All_members_of_the_site_are_suspended_and_the_other_site_is_left_alone()
    {
        var plan = Change(2).Plan(World());
        Assert.Equal(["2_1", "2_2"], plan.AllSteps.Where(s => s.Kind == "member.suspend").Select(s => s.Member));
        Assert.Equal("site 2: gives its slots to site 1; Resume-GroupMember brings its members back", plan.Decisions[0].ToString());
        Assert.Equal("SiteFailover", plan.Kind);
        Assert.Equal("me: failover of site 2", plan.AllSteps.First().Arguments["reason"]);
    }

    [Fact]
    public void A_site_that_could_not_bear_it_is_refused_with_the_arithmetic_unless_that_is_waived()
    {
        var refused = Assert.Throws<MaestroException>(() => Change(2).Plan(World(load: 80)));
        Assert.Equal(ErrorCatalogue.CapacityGuard, refused.Code);
        Assert.Contains("5 active - 2 leaving - 1 spare = 2 to carry the load at 200 % each", refused.Message);
        Assert.False(Change(2).Plan(World(load: 80) with { SkippedChecks = ["Capacity"] }).IsEmpty);
    }

    [Fact]
    public void Nobody_gives_to_a_site_where_nobody_carries_whatever_is_waived()
    {
        var world = new WorldBuilder().Group("dmz").Member("dmz", "1_1", MemberState.Suspended).Member("dmz", "2_1").Member("dmz", "2_2").Build() with { SkippedChecks = ["Capacity", "LastActive"] };
        Assert.Contains("nobody to give its slots to", Assert.Throws<MaestroException>(() => Change(2).Plan(Able(world))).Message);
    }

    [Fact]
    public void A_site_that_is_out_already_carries_nothing_and_one_without_members_is_an_error()
    {
        var world = Able(new WorldBuilder().Group("dmz").Member("dmz", "1_1").Member("dmz", "2_1", MemberState.Suspended, by: "me").Build());
        Assert.True(Change(2).Plan(world).IsEmpty);
        var alone = Able(new WorldBuilder().Group("dmz").Member("dmz", "1_1").Build());
        Assert.Equal(ErrorCatalogue.MemberNotFound, Assert.Throws<MaestroException>(() => Change(2).Plan(alone)).Code);
    }

    private static SiteFailoverChange Change(int site) => new() { Group = "dmz", Site = site };

    private static ObservedWorld World(double load = 30) =>
        Able(new WorldBuilder().Group("dmz").Member("dmz", "1_1", load: load).Member("dmz", "1_2", load: load).Member("dmz", "1_3", load: load).Member("dmz", "2_1", load: load).Member("dmz", "2_2", load: load).Build());

    private static ObservedWorld Able(ObservedWorld world) =>
        world with { Actor = "me", Traits = world.Traits with { Capability = [.. world.Traits.Capability, "Suspend"] }, Facets = [.. world.Facets, Maestro.Engine.Fabrics.FabricFacet.MemberActions] };
}

using Maestro.Engine.Clustering.Membership;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Groups;
using Maestro.Engine.Tests.Worlds;

namespace Maestro.Engine.Tests.Clustering.Membership;

public sealed class CapacityGuardTests
{
    [Fact]
    public void A_member_may_leave_when_the_rest_bear_a_loss_below_the_ceiling()
    {
        var world = FourMembers(load: 38).Build();
        var plan = new SuspendMembersChange { Group = "dmz", Members = ["1_3"] }.Plan(world);
        Assert.Single(plan.AllSteps);
        Assert.Contains("4 active - 1 leaving - 1 spare = 2 to carry the load at 76 % each, ceiling 90 %", plan.Decisions[0].Reason);
    }

    [Fact]
    public void A_member_may_not_leave_when_the_rest_would_go_above_the_ceiling()
    {
        var refusal = Assert.Throws<MaestroException>(() => new SuspendMembersChange { Group = "dmz", Members = ["1_3"] }.Plan(FourMembers(load: 50).Build()));
        Assert.Equal(ErrorCatalogue.CapacityGuard, refusal.Code);
        Assert.Contains("at 100 % each", refusal.Message);
        Assert.Equal("dmz", refusal.Target);
    }

    [Fact]
    public void The_gate_is_waived_by_name_and_the_plan_says_so()
    {
        var plan = new SuspendMembersChange { Group = "dmz", Members = ["1_3"] }.Plan(FourMembers(load: 50).Skip("Capacity").Build());
        Assert.StartsWith("N+1 is waived by -SkipCheck Capacity", plan.Decisions[0].Reason);
    }

    [Fact]
    public void The_last_active_member_stays_even_when_capacity_is_waived()
    {
        var world = new WorldBuilder().Group("dmz").Member("dmz", "1_1").Member("dmz", "1_2", MemberState.Down).Skip("Capacity").Build();
        var refusal = Assert.Throws<MaestroException>(() => new SuspendMembersChange { Group = "dmz", Members = ["1_1"] }.Plan(world));
        Assert.Equal(ErrorCatalogue.CapacityGuard, refusal.Code);
        Assert.Contains("last active", refusal.Message);
    }

    /// <summary>Who is left would get no slots, and nobody would carry anything.</summary>
    [Fact]
    public void The_last_active_member_of_any_weight_stays_beside_those_of_none()
    {
        var world = new WorldBuilder().Group("dmz", spare: 0).Member("dmz", "1_1", load: 20, weight: 0).Member("dmz", "1_2", load: 20).Build();
        var refusal = Assert.Throws<MaestroException>(() => new SuspendMembersChange { Group = "dmz", Members = ["1_2"] }.Plan(world));
        Assert.Equal(ErrorCatalogue.CapacityGuard, refusal.Code);
        Assert.StartsWith("1_2 would be the last active of 'dmz': 2 active - 1 leaving = 1 left, of weight 0.", refusal.Message);
        Assert.Single(new SuspendMembersChange { Group = "dmz", Members = ["1_1"] }.Plan(world).AllSteps);
    }

    [Fact]
    public void A_member_that_carries_nothing_may_leave_at_any_load()
    {
        var world = new WorldBuilder().Group("dmz").Member("dmz", "1_1", load: 89).Member("dmz", "1_2", MemberState.Down).Build();
        var plan = new RemoveMembersChange { Group = "dmz", Members = ["1_2"] }.Plan(world);
        Assert.Equal("no active member leaves", plan.Decisions[0].Reason);
        Assert.DoesNotContain(plan.AllSteps, s => s.Kind == "member.suspend");
    }

    [Fact]
    public void A_group_without_spare_may_shrink_to_one()
    {
        var world = new WorldBuilder().Group("dmz", spare: 0).Member("dmz", "1_1", load: 40).Member("dmz", "1_2", load: 40).Build();
        Assert.Single(new SuspendMembersChange { Group = "dmz", Members = ["1_2"] }.Plan(world).AllSteps);
    }

    private static WorldBuilder FourMembers(double load) => new WorldBuilder().Group("dmz")
        .Member("dmz", "1_1", load: load).Member("dmz", "1_2", load: load).Member("dmz", "1_3", load: load).Member("dmz", "1_4", load: load);
}

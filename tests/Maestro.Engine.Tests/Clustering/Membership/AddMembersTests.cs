using Maestro.Engine.Clustering.Membership;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Fabric;
using Maestro.Engine.Model.Groups;
using Maestro.Engine.Tests.Worlds;

namespace Maestro.Engine.Tests.Clustering.Membership;

public sealed class AddMembersTests
{
    [Fact]
    public void Many_gateways_join_in_one_stage_and_one_apply_with_ids_of_their_site()
    {
        var world = new WorldBuilder().Group("dmz").Member("dmz", "1_1").Free("b", 1).Free("a", 2).Free("c", 1).Build();
        var plan = new AddMembersChange { Group = "dmz", Gateways = ["a", "b", "c"] }.Plan(world);
        Assert.Equal(["topology.stage", "topology.apply", "member.await", "member.await", "member.await"], plan.AllSteps.Select(s => s.Kind));
        Assert.Equal(["gateway b: joins 'dmz' as 1_2", "gateway c: joins 'dmz' as 1_3", "gateway a: joins 'dmz' as 2_1"], plan.Decisions.Select(d => d.ToString()));
        Assert.Equal(["change:dmz", "topology"], plan.Resources);
    }

    [Fact]
    public void A_gateway_that_is_an_active_member_already_gives_an_empty_plan()
    {
        var world = new WorldBuilder().Group("dmz").Member("dmz", "1_1").Build();
        var plan = new AddMembersChange { Group = "dmz", Gateways = ["gw-dmz-1_1"] }.Plan(world);
        Assert.True(plan.IsEmpty);
        Assert.Contains("is member 1_1 already", plan.Decisions[0].Reason);
    }

    [Fact]
    public void A_member_that_never_became_active_is_seen_in_without_a_second_apply()
    {
        var world = new WorldBuilder().Group("dmz").Member("dmz", "1_1", MemberState.Joining).Build();
        var plan = new AddMembersChange { Group = "dmz", Gateways = ["gw-dmz-1_1"] }.Plan(world);
        Assert.Equal(["member.await"], plan.AllSteps.Select(s => s.Kind));
    }

    [Fact]
    public void A_joiner_gets_the_policy_before_it_counts_as_active_where_it_does_not_fetch_it()
    {
        var world = new WorldBuilder().Group("dmz", policy: 4, fingerprint: "f4").Member("dmz", "1_1").Free("b").CarriesPolicyToJoiners().Build();
        var kinds = new AddMembersChange { Group = "dmz", Gateways = ["b"] }.Plan(world).AllSteps.Select(s => s.Kind).ToList();
        Assert.Equal(["topology.stage", "topology.apply", "policy.stage", "policy.commit", "policy.confirm", "member.activate"], kinds);
    }

    [Theory]
    [InlineData("gw-web-1_1", "Maestro.GatewayInUse")]
    [InlineData("dark", "Maestro.MemberUnreachable")]
    [InlineData("nowhere", "Maestro.GatewayNotFound")]
    public void What_cannot_join_is_refused_by_name(string gateway, string id)
    {
        var world = new WorldBuilder().Group("dmz").Group("web").Member("web", "1_1").Free("dark", state: GatewayState.Unreachable).Build();
        var refusal = Assert.Throws<MaestroException>(() => AddMembersChange.Judge(world, "dmz", gateway));
        Assert.Equal(id, refusal.Code.Id);
        Assert.Equal(gateway, refusal.Target);
    }

    [Fact]
    public void Somebody_elses_pending_changes_are_never_applied_along()
    {
        var world = new WorldBuilder().Group("dmz").Free("b").Pending("Description", ChangeOrigin.Foreign, gateway: "x", by: "webui").Build();
        var refusal = Assert.Throws<MaestroException>(() => new AddMembersChange { Group = "dmz", Gateways = ["b"] }.Plan(world));
        Assert.Equal(ErrorCatalogue.ForeignChange, refusal.Code);
        Assert.Contains("webui", refusal.Message);
    }

    [Fact]
    public void Staging_only_stops_at_pending_and_may_stand_beside_foreign_changes()
    {
        var world = new WorldBuilder().Group("dmz").Free("b").Pending("Description", ChangeOrigin.Foreign, gateway: "x").Build();
        var plan = new AddMembersChange { Group = "dmz", Gateways = ["b"], StageOnly = true }.Plan(world);
        Assert.Equal(["topology.stage"], plan.AllSteps.Select(s => s.Kind));
    }

    [Fact]
    public void A_replacement_joins_before_the_old_member_leaves_and_step_ids_stay_unique()
    {
        var world = new WorldBuilder().Group("dmz").Member("dmz", "1_1").Member("dmz", "1_2").Free("b").Build();
        var plan = new AddMembersChange { Group = "dmz", Gateways = ["b"], Replace = "1_1" }.Plan(world);
        var ids = plan.AllSteps.Select(s => s.Id).ToList();
        Assert.Equal(ids.Count, ids.Distinct().Count());
        Assert.True(ids.IndexOf("await/dmz/1_3/active") < ids.IndexOf("replaced/topology/apply"));
    }

    [Fact]
    public void The_plan_is_the_same_whatever_the_order_of_the_request()
    {
        var world = new WorldBuilder().Group("dmz").Free("a").Free("b").Free("c", 2).Build();
        var one = new AddMembersChange { Group = "dmz", Gateways = ["a", "b", "c"] }.Plan(world);
        var other = new AddMembersChange { Group = "dmz", Gateways = ["c", "b", "a"] }.Plan(world);
        Assert.Equal(Engine.Operations.Plans.PlanSerializer.ToJson(one), Engine.Operations.Plans.PlanSerializer.ToJson(other));
    }
}

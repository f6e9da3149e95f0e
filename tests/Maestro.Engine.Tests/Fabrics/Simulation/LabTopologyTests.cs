using Maestro.Engine.Fabrics;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Fabric;
using Maestro.Engine.Model.Groups;

namespace Maestro.Engine.Tests.Fabrics.Simulation;

/// <summary>Pending and deployed, and what an orchestrator does not take.</summary>
public sealed class LabTopologyTests : IDisposable
{
    private readonly DrivenLab _lab = new();

    [Fact]
    public void Somebody_elses_edits_are_pending_beside_ours_and_go_with_one_apply()
    {
        var gateway = _lab.Free()[0];
        _lab.Otto.Stage(new TopologyEdit(TopologyEditKind.SetGateway, "", gateway, Property: "Description", Value: "do not touch"));
        _lab.Stage(Create("dmz"));
        Assert.Equal([("", "maestro", "op-1"), (gateway, "otto", "")], _lab.Pending().Select(p => (p.Gateway, p.StagedBy, p.Operation)));

        _lab.Apply();
        Assert.Empty(_lab.Pending());
        Assert.Equal("do not touch", _lab.View().Gateways.Single(g => g.Id == gateway).Description);
    }

    [Fact]
    public void A_foreign_apply_takes_our_edits_along()
    {
        _lab.Stage(Create("dmz"));
        _lab.Otto.Apply();
        Assert.Equal("dmz", _lab.View().Groups.Single().Name);
    }

    [Fact]
    public void An_edit_that_is_taken_back_leaves_nothing_pending()
    {
        var gateway = _lab.Free()[0];
        _lab.Stage(Describe(gateway, "rack B6"));
        _lab.Otto.Stage(Describe(gateway, ""));
        Assert.Empty(_lab.Pending());

        _lab.Stage(Create("dmz"), Assign(gateway, "1_1"));
        _lab.Stage(new TopologyEdit(TopologyEditKind.DeleteGroup, "dmz"));
        Assert.Empty(_lab.Pending());
        Assert.Equal(EffectKind.Already, _lab.Apply().Kind);
    }

    [Fact]
    public void Who_joins_by_hand_does_not_get_the_number_of_one_whose_removal_is_discarded_later()
    {
        var (first, second) = (_lab.Free()[0], _lab.Free()[1]);
        _lab.Stage(Create("dmz"), Assign(first, "1_1"));
        _lab.Apply();
        _lab.Stage(new TopologyEdit(TopologyEditKind.UnassignGateway, "dmz", first, "1_1"));
        _lab.Otto.Stage(new TopologyEdit(TopologyEditKind.AssignGateway, "dmz", second));
        _lab.Stage(Assign(first, "1_1"));
        _lab.Otto.Apply();
        Assert.Equal(["1_1", "1_2"], _lab.View().Members.Select(m => m.Member));
    }

    [Fact]
    public void A_property_that_two_have_staged_is_the_last_ones()
    {
        var gateway = _lab.Free()[0];
        _lab.Stage(Describe(gateway, "ours"));
        _lab.Pass(60);
        _lab.Otto.Stage(Describe(gateway, "his"));
        var change = Assert.Single(_lab.Pending());
        Assert.Equal(("his", "otto", "", _lab.Scheduler.Clock.GetUtcNow()), (change.Pending, change.StagedBy, change.Operation, change.StagedAt));
    }

    [Fact]
    public void Each_property_of_a_new_group_is_a_change_of_its_own()
    {
        var gateway = _lab.Free()[0];
        _lab.Stage(Create("dmz"), new TopologyEdit(TopologyEditKind.SetGroup, "dmz", Property: "Port", Value: "1/5/1,1/40/1"), Assign(gateway, "1_1"));
        Assert.Equal(
            [("SecurityGroup", "", "dmz"), ("Port", "", "1/5/1,1/40/1"), ("Member", "", "dmz 1_1")],
            _lab.Pending().Select(p => (p.Property, p.Deployed, p.Pending)));
    }

    [Fact]
    public void A_removed_group_sends_its_members_back_and_shows_so_before()
    {
        _lab.MakeGroup(1, 1);
        _lab.Stage(new TopologyEdit(TopologyEditKind.DeleteGroup, "dmz"));
        Assert.Equal([("dmz", ""), ("dmz 1_1", ""), ("dmz 1_2", "")], _lab.Pending().Select(p => (p.Deployed, p.Pending)));
        Assert.All(_lab.Pending(), p => Assert.Equal("op-1", p.Operation));
        Assert.Empty(_lab.View(pending: true).Members);
        Assert.Equal(2, _lab.View().Members.Count);

        _lab.Apply();
        Assert.All(_lab.View().Members, m => Assert.Equal(MemberState.Leaving, m.State));
        _lab.Pass(30);
        Assert.Empty(_lab.View().Members);
        Assert.All(_lab.View().Gateways, g => Assert.Equal(GatewayState.Unassigned, g.State));
    }

    [Fact]
    public void A_gateway_on_its_way_out_may_be_called_back()
    {
        _lab.MakeGroup(1, 1);
        var gateway = _lab.Member("1_2").Gateway;
        _lab.Stage(new TopologyEdit(TopologyEditKind.UnassignGateway, "dmz", gateway, "1_2"));
        _lab.Apply();
        Assert.Equal(EffectKind.Done, _lab.Stage(Assign(gateway, "1_2")).Kind);
        Assert.Equal("1_2", _lab.View(pending: true).Gateways.Single(g => g.Id == gateway).Member);
        _lab.Apply();
        Assert.Equal(MemberState.Joining, _lab.Member("1_2").State);
        _lab.Pass(600);
        Assert.Equal(MemberState.Active, _lab.Member("1_2").State);
    }

    [Fact]
    public void A_gateway_without_a_member_id_gets_the_lowest_free_one_of_its_site()
    {
        _lab.MakeGroup(1, 1, 2);
        _lab.Stage([.. _lab.Free(1).Take(1).Concat(_lab.Free(2).Take(1)).Select(g => Assign(g, ""))]);
        Assert.Equal(["1_1", "1_2", "1_3", "2_1", "2_2"], _lab.View(pending: true).Members.Select(m => m.Member));
    }

    [Fact]
    public void A_gateway_moves_between_groups_in_one_apply()
    {
        _lab.MakeGroup(1, 1);
        var gateway = _lab.Member("1_2").Gateway;
        _lab.Stage(Create("edge"), new TopologyEdit(TopologyEditKind.AssignGateway, "edge", gateway, "1_1"));
        _lab.Apply();
        Assert.Equal(("edge", "1_1", MemberState.Joining), _lab.View().Members.Where(m => m.Gateway == gateway).Select(m => (m.SecurityGroup, m.Member, m.State)).Single());
    }

    [Fact]
    public void Group_ids_are_the_lowest_free_ones()
    {
        _lab.Stage(Create("a"), Create("b"), Create("c"));
        _lab.Apply();
        _lab.Stage(new TopologyEdit(TopologyEditKind.DeleteGroup, "b"));
        _lab.Apply();
        _lab.Stage(Create("d"));
        _lab.Apply();
        Assert.Equal([("a", 1), ("c", 3), ("d", 2)], _lab.View().Groups.Select(g => (g.Name, g.Id)));
    }

    [Fact]
    public void What_an_orchestrator_does_not_know_is_refused_and_nothing_is_staged()
    {
        var gateway = _lab.Free()[0];
        var cases = new (TopologyEdit Edit, ErrorCode Code)[]
        {
            (Assign("0000XX0000", "1_1"), ErrorCatalogue.GatewayNotFound),
            (new(TopologyEditKind.AssignGateway, "none", gateway, "1_1"), ErrorCatalogue.GroupNotFound),
            (Assign(gateway, "2_1"), ErrorCatalogue.ParameterInvalid),
            (Assign(gateway, "first"), ErrorCatalogue.ParameterInvalid),
            (Create("4711"), ErrorCatalogue.GroupNameInvalid),
            (Set("Port", "9/9/9"), ErrorCatalogue.PortNotFound),
            (Set("Port", "1/31/1"), ErrorCatalogue.ParameterInvalid),
            (Set("Spare", "many"), ErrorCatalogue.ParameterInvalid),
            (Set("Colour", "red"), ErrorCatalogue.ParameterInvalid),
            (new(TopologyEditKind.SetMember, "dmz", "", "1_9", "Weight", "7"), ErrorCatalogue.MemberNotFound),
        };
        foreach (var (edit, code) in cases)
        {
            var effect = _lab.Stage(Create("dmz"), edit);
            Assert.Equal((EffectKind.Refused, code), (effect.Kind, effect.Code));
            Assert.Empty(_lab.Pending());
        }
    }

    [Fact]
    public void A_weight_is_0_to_512()
    {
        _lab.MakeGroup(1);
        Assert.Equal(EffectKind.Refused, _lab.Stage(Weight("513")).Kind);
        Assert.Equal(EffectKind.Done, _lab.Stage(Weight("512")).Kind);
        Assert.Equal(EffectKind.Done, _lab.Stage(Weight("0")).Kind);
        _lab.Apply();
        Assert.Equal((0, 0.0), (_lab.Member("1_1").Weight, _lab.Member("1_1").SharePercent));
    }

    [Fact]
    public void An_uplink_belongs_to_one_group_and_a_management_port_to_any()
    {
        _lab.Stage(Create("dmz"), Create("edge"), Set("Port", "1/5/1,1/40/1"));
        Assert.Equal(ErrorCatalogue.PortInUse, _lab.Stage(new TopologyEdit(TopologyEditKind.SetGroup, "edge", Property: "Port", Value: "1/5/1")).Code);
        Assert.Equal(EffectKind.Done, _lab.Stage(new TopologyEdit(TopologyEditKind.SetGroup, "edge", Property: "Port", Value: "1/6/1,1/40/1")).Kind);
        _lab.Apply();
        Assert.Equal(["dmz", "edge"], _lab.View().Ports.Single(p => p.Id == "1/40/1").SecurityGroup);
    }

    [Fact]
    public void A_member_id_that_another_has_is_refused()
    {
        _lab.MakeGroup(1, 1);
        Assert.Equal(ErrorCatalogue.PendingConflict, _lab.Stage(Assign(_lab.Free()[0], "1_2")).Code);
    }

    [Fact]
    public void The_same_step_applies_once_so_what_was_staged_since_is_not_swept_along()
    {
        _lab.Stage(Create("dmz"));
        var call = _lab.Call(step: "topology/apply");
        _lab.Apply(call);
        _lab.Otto.Stage(Create("his"));
        Assert.Equal(EffectKind.Already, _lab.Apply(_lab.Call(step: "topology/apply")).Kind);
        Assert.Equal("dmz", _lab.View().Groups.Single().Name);
    }

    [Fact]
    public void An_edit_of_a_group_is_refused_under_an_epoch_that_its_members_have_left_behind()
    {
        _lab.MakeGroup(1, 1);
        var member = _lab.Ref("1_1");
        _lab.Run(() => _lab.Fabric.Policies!.StageAsync(_lab.Call(epoch: 9, operation: "op-2"), member, DrivenLab.Generation(1)));
        Assert.Equal(ErrorCatalogue.LeaseLost, _lab.StageUnder(_lab.Call(epoch: 8), Set("Description", "old")).Code);
        Assert.Equal(EffectKind.Done, _lab.StageUnder(_lab.Call(epoch: 9), Set("Description", "new")).Kind);
        Assert.Equal(ErrorCatalogue.LeaseLost, _lab.Apply(_lab.Call(epoch: 8)).Code);
        Assert.Equal("", _lab.View().Groups.Single().Description);
        Assert.Equal(EffectKind.Done, _lab.Apply(_lab.Call(epoch: 9)).Kind);
    }

    [Fact]
    public void Every_edit_names_its_call_in_the_log_and_a_look_changes_nothing()
    {
        _lab.MakeGroup(1, 1);
        var writes = _lab.World.Writes.Count;
        _lab.View();
        _lab.View(pending: true);
        _lab.Pending();
        _lab.Policy("1_1");
        Assert.Equal(writes, _lab.World.Writes.Count);
        Assert.Single(_lab.World.Writes, w => w.StartsWith("topology.apply", StringComparison.Ordinal));
        Assert.Equal(EffectKind.Already, _lab.Stage(Create("dmz")).Kind);
        Assert.Equal(writes, _lab.World.Writes.Count);
    }

    public void Dispose() => _lab.Dispose();

    private static TopologyEdit Create(string name) => new(TopologyEditKind.CreateGroup, name);

    private static TopologyEdit Assign(string gateway, string member) => new(TopologyEditKind.AssignGateway, "dmz", gateway, member);

    private static TopologyEdit Describe(string gateway, string text) => new(TopologyEditKind.SetGateway, "", gateway, Property: "Description", Value: text);

    private static TopologyEdit Set(string property, string value) => new(TopologyEditKind.SetGroup, "dmz", Property: property, Value: value);

    private static TopologyEdit Weight(string value) => new(TopologyEditKind.SetMember, "dmz", "", "1_1", "Weight", value);
}

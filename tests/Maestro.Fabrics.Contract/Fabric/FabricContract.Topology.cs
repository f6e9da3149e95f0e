using Maestro.Engine.Fabrics;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Fabric;
using Maestro.Engine.Model.Groups;

namespace Maestro.Fabrics.Contract.Fabric;

public abstract partial class FabricContract
{
    private static TopologyEdit Create(string name) => new(TopologyEditKind.CreateGroup, name);

    private static TopologyEdit Describe(string gateway, string text) => new(TopologyEditKind.SetGateway, "", gateway, Property: "Description", Value: text);

    [SkippableFact]
    public async Task A_view_is_in_order_and_says_when_it_was_made()
    {
        await MakeGroup(3);
        var before = Under.Scheduler.Time.GetUtcNow();
        var view = await Observe();
        Assert.InRange(view.ObservedAt, before, Under.Scheduler.Time.GetUtcNow());
        Assert.Equal(view.Gateways.Select(g => g.Id).OrderBy(i => i, StringComparer.Ordinal), view.Gateways.Select(g => g.Id));
        Assert.Equal(view.Groups.Select(g => g.Name).OrderBy(n => n, StringComparer.Ordinal), view.Groups.Select(g => g.Name));
        Assert.Equal(["1_1", "1_2", "1_3"], view.Members.Select(m => m.Member));
    }

    [SkippableFact]
    public async Task A_staged_edit_is_pending_and_not_deployed()
    {
        var gateway = Under.FreeGateways[0];
        Accepted(await Stage(1, "op-1", Create("dmz"), new TopologyEdit(TopologyEditKind.AssignGateway, "dmz", gateway, "1_1")));

        var deployed = await Observe();
        Assert.Empty(deployed.Groups);
        Assert.Equal("", deployed.Gateways.Single(g => g.Id == gateway).SecurityGroup);

        var pending = await Observe(pending: true);
        Assert.Equal("dmz", pending.Groups.Single().Name);
        Assert.Equal(("dmz", "1_1"), pending.Members.Select(m => (m.SecurityGroup, m.Member)).Single());
        Assert.Equal("dmz", pending.Gateways.Single(g => g.Id == gateway).SecurityGroup);
    }

    [SkippableFact]
    public async Task A_pending_change_shows_both_values_and_who_staged_it()
    {
        Accepted(await Stage(1, "op-7", Describe(Under.FreeGateways[0], "rack B6")));
        var change = Assert.Single(await ObservePending());
        Assert.Equal((Under.FreeGateways[0], "Description", "", "rack B6"), (change.Gateway, change.Property, change.Deployed, change.Pending));
        Assert.Equal("op-7", change.Operation);
        Assert.NotEqual("", change.StagedBy);
        Assert.NotNull(change.StagedAt);
    }

    [SkippableFact]
    public async Task Staging_what_is_staged_answers_already()
    {
        await Stage(1, "op-1", Create("dmz"));
        Assert.Equal(EffectKind.Already, (await Stage(1, "op-1", Create("dmz"))).Kind);
        Assert.Single(await ObservePending());
    }

    [SkippableFact]
    public async Task Staging_what_is_deployed_answers_already()
    {
        await Stage(1, "op-1", Create("dmz"));
        await Apply(1);
        Assert.Equal(EffectKind.Already, (await Stage(1, "op-2", Create("dmz"))).Kind);
        Assert.Empty(await ObservePending());
    }

    [SkippableFact]
    public async Task An_apply_deploys_all_that_is_pending_whoever_staged_it()
    {
        await Stage(1, "op-1", Create("dmz"));
        await Stage(1, "op-2", Describe(Under.FreeGateways[0], "rack B6"));
        Accepted(await Apply(1, "op-1"));
        var view = await Observe();
        Assert.Equal("dmz", view.Groups.Single().Name);
        Assert.Equal("rack B6", view.Gateways.Single(g => g.Id == Under.FreeGateways[0]).Description);
        Assert.Empty(await ObservePending());
    }

    [SkippableFact]
    public async Task A_discard_of_one_operation_leaves_those_of_others()
    {
        await Stage(1, "op-1", Create("dmz"));
        await Stage(1, "op-2", Describe(Under.FreeGateways[0], "rack B6"));
        var call = await Call("topology/discard", 1);
        Accepted(await Do(() => Fabric.Topology.DiscardAsync(call, "op-1")));
        Assert.Equal("op-2", Assert.Single(await ObservePending()).Operation);
        Assert.Equal(EffectKind.Already, (await Do(() => Fabric.Topology.DiscardAsync(call, "op-1"))).Kind);
    }

    [SkippableFact]
    public async Task A_discard_without_an_operation_leaves_nothing_pending()
    {
        await Stage(1, "op-1", Create("dmz"));
        await Stage(1, "op-2", Describe(Under.FreeGateways[0], "rack B6"));
        var call = await Call("topology/discard", 1);
        Accepted(await Do(() => Fabric.Topology.DiscardAsync(call, null)));
        Assert.Empty(await ObservePending());
        await Apply(1);
        Assert.Empty((await Observe()).Groups);
    }

    [SkippableFact]
    public async Task An_assigned_gateway_is_a_member_and_an_unassigned_one_is_free()
    {
        var group = await MakeGroup(2);
        var leaver = group.Members[1];
        await Stage(group.Epoch, "op-1", new TopologyEdit(TopologyEditKind.UnassignGateway, "dmz", leaver.Gateway, leaver.Member));
        Accepted(await Apply(group.Epoch, step: "topology/apply/2"));
        await Until(leaver, m => m is null);
        var gateway = (await Observe()).Gateways.Single(g => g.Id == leaver.Gateway);
        Assert.Equal((GatewayState.Unassigned, "", ""), (gateway.State, gateway.SecurityGroup, gateway.Member));
        Assert.Equal(MemberState.Active, (await Member(group.First)).State);
    }

    /// <summary>A removal that is pending may be discarded, and then there would be two of that name.</summary>
    [SkippableFact]
    public async Task Nobody_gets_the_member_id_of_one_whose_removal_is_pending()
    {
        var group = await MakeGroup(1);
        await Stage(group.Epoch, "op-1", new TopologyEdit(TopologyEditKind.UnassignGateway, "dmz", group.First.Gateway, group.First.Member));
        var free = Under.FreeGateways.First(g => g != group.First.Gateway);

        var effect = await Stage(group.Epoch, "op-2", new TopologyEdit(TopologyEditKind.AssignGateway, "dmz", free, group.First.Member));

        Assert.Equal((EffectKind.Refused, ErrorCatalogue.PendingConflict), (effect.Kind, effect.Code));
        Assert.Equal("op-1", Assert.Single(await ObservePending()).Operation);
    }

    [SkippableFact]
    public async Task A_groups_and_a_members_properties_are_deployed_by_an_apply()
    {
        var group = await MakeGroup(1);
        var member = group.First;
        await Stage(
            group.Epoch,
            "op-1",
            new TopologyEdit(TopologyEditKind.SetGroup, "dmz", Property: "Description", Value: "the edge"),
            new TopologyEdit(TopologyEditKind.SetGroup, "dmz", Property: "Spare", Value: "2"),
            new TopologyEdit(TopologyEditKind.SetMember, "dmz", member.Gateway, member.Member, "Weight", "64"));
        Assert.NotEqual("the edge", (await Observe()).Groups.Single().Description);
        Accepted(await Apply(group.Epoch, step: "topology/apply/2"));
        var view = await Observe();
        Assert.Equal(("the edge", 2), (view.Groups.Single().Description, view.Groups.Single().Spare));
        Assert.Equal(64, view.Members.Single().Weight);
    }

    [SkippableFact]
    public async Task A_deleted_group_gives_its_gateways_back()
    {
        var group = await MakeGroup(2);
        var edits = group.Members.Select(m => new TopologyEdit(TopologyEditKind.UnassignGateway, "dmz", m.Gateway, m.Member)).Append(new TopologyEdit(TopologyEditKind.DeleteGroup, "dmz"));
        await Stage(group.Epoch, "op-1", [.. edits]);
        Accepted(await Apply(group.Epoch, step: "topology/apply/2"));
        foreach (var member in group.Members) await Until(member, m => m is null);
        Assert.Empty((await Observe()).Groups);
    }

    [SkippableFact]
    public async Task A_gateway_that_does_not_answer_is_in_the_view_and_says_so()
    {
        Skip.If(Under.SilenceAsync is null, "this fabric's tests cannot silence a gateway");
        await Under.SilenceAsync!(Under.FreeGateways[0]);
        var gateway = (await Observe()).Gateways.Single(g => g.Id == Under.FreeGateways[0]);
        Assert.Equal(GatewayState.Unreachable, gateway.State);
        Assert.NotEqual("", gateway.Reason);
    }

    [SkippableFact]
    public async Task A_port_edit_is_live_at_once_and_never_pending()
    {
        var call = await Call("port/1", 1);
        var port = (await Observe()).Ports.FirstOrDefault(p => p.Type == PortType.Uplink);
        if (port is null || !Fabric.Traits.Capability.Contains("Ports"))
        {
            Refused(await Do(() => Fabric.Topology.SetPortAsync(call, new PortSettings { PortId = "1/1/1", Mtu = 1500 })), ErrorCatalogue.FabricCannot);
            return;
        }

        Accepted(await Do(() => Fabric.Topology.SetPortAsync(call, new PortSettings { PortId = port.Id, Mtu = 1500 })));
        var after = (await Observe()).Ports.Single(p => p.Id == port.Id);
        Assert.Equal(port with { Mtu = 1500, SecurityGroup = after.SecurityGroup }, after);
        Assert.Empty(await ObservePending());
    }
}

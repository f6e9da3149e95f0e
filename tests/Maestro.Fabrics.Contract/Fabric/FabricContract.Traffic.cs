using Maestro.Engine.Clustering.Distribution;
using Maestro.Engine.Fabrics;
using Maestro.Engine.Model.Distribution;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Groups;

namespace Maestro.Fabrics.Contract.Fabric;

public abstract partial class FabricContract
{
    private ITraffic Traffic
    {
        get
        {
            Skip.If(Fabric.Traffic is null, "this fabric distributes no traffic");
            return Fabric.Traffic!;
        }
    }

    private Task<GroupTraffic> ObserveTraffic(string group = "dmz") => Run(() => Traffic.ObserveAsync(group, CancellationToken.None));

    private async Task<Effect> ApplyTable(ContractGroup group, DistributionTable table, long expected, string step = "traffic")
    {
        var call = await Call(step, group.Epoch);
        return await Do(() => Traffic.ApplyAsync(call, group.Name, table, expected));
    }

    private async Task<Effect> FollowTable(ContractGroup group, params string[] lost)
    {
        var call = await Call("follow/" + string.Join(",", lost), group.Epoch);
        return await Do(() => Traffic.FollowAsync(call, group.Name, lost, []));
    }

    private static void AssertShare(SlotTable slots, string member)
    {
        var share = (double)slots.SlotCount * slots.Members.Single(m => m.ToString() == member).Weight / slots.Members.Sum(m => m.Weight);
        Assert.InRange(slots.SlotsOf(MemberId.Parse(member)).Count, share - 1, share + 1);
    }

    private static DistributionTable Other(DistributionTable table) =>
        table.With(table.Rules with { Mode = table.Rules.Mode == DistributionMode.General ? DistributionMode.AutoTopology : DistributionMode.General }, table.Slots.SlotCount);

    // Where weights differ a slot a member may move besides, so that all have their share.
    private static void AssertTakenOver(SlotTable before, SlotTable after, string gone)
    {
        var owned = before.SlotsOf(MemberId.Parse(gone));
        var others = after.Members.Count;
        Assert.InRange(owned.Count(s => after.ActiveOf(s)!.Id == before.BackupOf(s)!.Id), owned.Count - others, owned.Count);
        Assert.InRange(Enumerable.Range(0, before.SlotCount).Except(owned).Count(s => after.ActiveOf(s)!.Id != before.ActiveOf(s)!.Id), 0, others);
    }

    [SkippableFact]
    public async Task Every_slot_of_a_group_has_an_active_member_and_another_one_as_backup()
    {
        _ = Traffic;
        var group = await MakeGroup(3);
        var slots = (await ObserveTraffic()).Table.Slots;
        Assert.Equal(group.Members.Select(m => m.Member), slots.Members.Select(m => m.ToString()));
        Assert.All(Enumerable.Range(0, slots.SlotCount), s =>
        {
            Assert.NotNull(slots.ActiveOf(s));
            Assert.NotNull(slots.BackupOf(s));
            Assert.NotEqual(slots.ActiveOf(s), slots.BackupOf(s));
        });
    }

    [SkippableFact]
    public async Task A_table_is_taken_under_the_version_that_it_was_made_from_and_read_back()
    {
        _ = Traffic;
        var group = await MakeGroup();
        var before = (await ObserveTraffic()).Table;
        var wanted = Other(before);

        Assert.Equal(EffectKind.Done, (await ApplyTable(group, wanted, before.Version)).Kind);

        Assert.Equal(wanted, (await ObserveTraffic()).Table);
        Assert.Equal(EffectKind.Already, (await ApplyTable(group, wanted, before.Version, "traffic/again")).Kind);
        Assert.Equal(wanted.Rules.Words, (await Observe()).Groups.Single(g => g.Name == group.Name).Distribution);
    }

    [SkippableFact]
    public async Task A_table_that_was_made_from_an_older_one_is_refused_and_changes_nothing()
    {
        _ = Traffic;
        var group = await MakeGroup();
        var first = (await ObserveTraffic()).Table;
        var second = Other(first);
        Accepted(await ApplyTable(group, second, first.Version));

        var late = await ApplyTable(group, first.With(first.Rules with { Layer4 = !first.Rules.Layer4 }, first.Slots.SlotCount), first.Version, "traffic/late");

        Refused(late, ErrorCatalogue.DistributionMoved);
        Assert.True(late.Transient);
        Assert.Equal(second, (await ObserveTraffic()).Table);
    }

    [SkippableFact]
    public async Task Who_leaves_the_group_hands_its_slots_to_their_backups_and_gets_its_share_when_it_is_back()
    {
        _ = Traffic;
        var group = await MakeGroup(3);
        var last = group.Members[2];
        var before = (await ObserveTraffic()).Table.Slots;
        await Stage(group.Epoch, "op-1", new TopologyEdit(TopologyEditKind.UnassignGateway, "dmz", last.Gateway, last.Member));
        Accepted(await Apply(group.Epoch, step: "topology/apply/leave"));
        await Until(last, m => m is null);

        var without = (await ObserveTraffic()).Table.Slots;
        Assert.True(without.Version > before.Version);
        Assert.DoesNotContain(last.Member, without.Members.Select(m => m.ToString()));
        AssertTakenOver(before, without, last.Member);

        await Stage(group.Epoch, "op-1", new TopologyEdit(TopologyEditKind.AssignGateway, "dmz", last.Gateway, last.Member));
        Accepted(await Apply(group.Epoch, step: "topology/apply/back"));
        if (!Fabric.Traits.JoinersPullPolicy && Fabric.Members is { } actions)
        {
            var call = await Call("activate/back", group.Epoch);
            Accepted(await Do(() => actions.ActivateAsync(call, last)));
        }

        await Until(last, m => m?.State == MemberState.Active);
        AssertShare((await ObserveTraffic()).Table.Slots, last.Member);
    }

    [SkippableFact]
    public async Task A_weight_moves_the_fewest_slots_that_give_everybody_its_share()
    {
        _ = Traffic;
        var group = await MakeGroup(3);
        var before = (await ObserveTraffic()).Table.Slots;
        await Stage(group.Epoch, "op-1", new TopologyEdit(TopologyEditKind.SetMember, "dmz", group.First.Gateway, group.First.Member, nameof(GroupMember.Weight), "100"));
        Accepted(await Apply(group.Epoch, step: "topology/apply/weight"));
        await Until(group.First, m => m?.Weight == 100);

        var after = (await ObserveTraffic()).Table.Slots;
        Assert.True(after.Version > before.Version);
        foreach (var member in group.Members) AssertShare(after, member.Member);
        var gained = after.SlotsOf(MemberId.Parse(group.First.Member)).Count - before.SlotsOf(MemberId.Parse(group.First.Member)).Count;
        Assert.Equal(gained, Enumerable.Range(0, after.SlotCount).Count(s => after.ActiveOf(s)!.Id != before.ActiveOf(s)!.Id));
    }

    [SkippableFact]
    public async Task Following_the_members_again_changes_nothing()
    {
        _ = Traffic;
        var group = await MakeGroup();
        var before = await ObserveTraffic();
        Assert.Empty(before.OutOfStep);

        Assert.Equal(EffectKind.Already, (await FollowTable(group)).Kind);

        Assert.Equal(before.Table, (await ObserveTraffic()).Table);
    }

    [SkippableFact]
    public async Task A_suspended_members_slots_go_to_their_backups_and_it_gets_its_share_again_when_it_is_back()
    {
        _ = Traffic;
        var group = await MakeGroup(3);
        var before = (await ObserveTraffic()).Table.Slots;
        if (!await Offers("Suspend", () => Suspend(group, group.First))) return;
        Accepted(await Suspend(group, group.First));
        await Until(group.First, m => m!.State == MemberState.Suspended);

        var without = (await ObserveTraffic()).Table.Slots;
        Assert.True(without.Version > before.Version);
        Assert.DoesNotContain(group.First.Member, without.Members.Select(m => m.ToString()));
        AssertTakenOver(before, without, group.First.Member);

        Accepted(await Resume(group, group.First));
        await Until(group.First, m => m!.State == MemberState.Active);
        AssertShare((await ObserveTraffic()).Table.Slots, group.First.Member);
    }

    [SkippableFact]
    public async Task A_lost_members_slots_go_to_their_backups()
    {
        _ = Traffic;
        Skip.If(Under.SilenceAsync is null, "no gateway can be silenced here");
        var group = await MakeGroup(3);
        var before = (await ObserveTraffic()).Table.Slots;

        await Under.SilenceAsync!(group.First.Gateway);
        Accepted(await FollowTable(group, group.First.Member));

        AssertTakenOver(before, (await ObserveTraffic()).Table.Slots, group.First.Member);
    }

    [SkippableFact]
    public async Task A_group_that_is_not_there_has_no_table()
    {
        _ = Traffic;
        var fault = await Assert.ThrowsAsync<MaestroException>(() => ObserveTraffic("nobody"));
        Assert.Equal(ErrorCatalogue.GroupNotFound, fault.Code);
    }
}

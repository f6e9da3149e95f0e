using CsCheck;
using Maestro.Engine.Clustering.Distribution;
using Maestro.Engine.Model.Groups;
using Change = Maestro.Engine.Tests.Clustering.Distribution.SlotHistory.Change;

namespace Maestro.Engine.Tests.Clustering.Distribution;

public sealed class SlotPlannerTests
{
    private const int Histories = 1000;

    private static readonly Gen<int> SlotCounts = Gen.OneOf(2, 16, 64, 256);

    [Fact]
    public void A_planned_change_leaves_nobody_a_whole_slot_off_its_share_and_moves_the_fewest_slots() =>
        Gen.Select(SlotCounts, SlotHistory.Histories, Gen.Int[1, 2]).Sample(
            (slots, steps, sites) =>
            {
                foreach (var moment in SlotHistory.Run(slots, steps, sites).Where(m => m.Change != Change.Fail))
                {
                    if (!moment.Members.Any(m => m.TakesSlots))
                    {
                        Assert.All(Enumerable.Range(0, slots), s => Assert.Null(moment.After.ActiveOf(s)));
                        continue;
                    }

                    AssertShares(moment.After, moment.Members, offBy: 1);
                    Assert.Equal(Changed(moment.Before, moment.After), moment.Decision.Moved);
                    Assert.Equal(SlotLimits.FewestMoves(moment.Before, moment.Members), moment.Decision.Moved);
                }
            },
            iter: Histories,
            threads: 1);

    [Fact]
    public void A_failure_moves_the_slots_of_the_lost_member_to_their_backups_and_no_others() =>
        Gen.Select(SlotCounts, SlotHistory.Histories, Gen.Bool).Sample(
            (slots, steps, equal) =>
            {
                foreach (var moment in SlotHistory.Run(slots, steps, equal: equal).Where(m => m.Change == Change.Fail && m.Members.Any(x => x.TakesSlots)))
                {
                    var left = moment.Members.Select(m => m.Id).ToHashSet();
                    for (var slot = 0; slot < slots; slot++)
                    {
                        var before = moment.Before.ActiveOf(slot)!;
                        if (left.Contains(before.Id)) Assert.Equal(before.Id, moment.After.ActiveOf(slot)!.Id);
                        else Assert.Equal(moment.Before.BackupOf(slot)!.Id, moment.After.ActiveOf(slot)!.Id);
                    }

                    // Of unequal weights no way of sharing keeps everybody within one slot and moves only the lost one's (Balinski and Young).
                    AssertShares(moment.After, moment.Members, equal ? 1 : 2);
                }
            },
            iter: Histories,
            threads: 1);

    [Fact]
    public void Losing_one_of_N_equal_members_adds_the_same_to_each_of_the_others() =>
        Gen.Select(SlotCounts, SlotHistory.Histories).Sample(
            (slots, steps) =>
            {
                foreach (var moment in SlotHistory.Run(slots, steps, equal: true).Where(m => m.Change == Change.Fail && m.Members.Count > 0))
                {
                    var added = moment.Members.Select(m => Slots(moment.After, m) - Slots(moment.Before, m)).ToList();
                    Assert.InRange(added.Max() - added.Min(), 0, 1);
                }
            },
            iter: Histories / 2,
            threads: 1);

    [Fact]
    public void A_backup_is_another_member_of_the_same_site_and_each_owners_slots_are_spread_over_the_others_by_weight() =>
        Gen.Select(SlotCounts, SlotHistory.Histories, Gen.Int[1, 2], Gen.Bool).Sample(
            (slots, steps, sites, standby) =>
            {
                foreach (var moment in SlotHistory.Run(slots, steps, sites, isStandby: standby)) AssertBackups(moment.After);
            },
            iter: Histories,
            threads: 1);

    [Fact]
    public void Given_who_carries_what_the_fewest_copies_are_made() =>
        Gen.Select(SlotCounts, SlotHistory.Histories).Sample(
            (slots, steps) =>
            {
                foreach (var moment in SlotHistory.Run(slots, steps, equal: true).Where(m => m.Members.Count > 1))
                {
                    Assert.Equal(SlotLimits.FewestCopies(moment.Before, moment.After), moment.Decision.BackupsToFill);
                }
            },
            iter: Histories,
            threads: 1);

    [Fact]
    public void What_leaves_hands_its_slots_to_their_backups()
    {
        var members = Members(5);
        var table = SlotPlanner.Rebalance(SlotTable.Empty(512), members).Table;

        var decision = SlotPlanner.Rebalance(table, members.Skip(1));

        Assert.Equal(103, decision.Moved);
        Assert.All(table.SlotsOf(new MemberId(1, 1)), s => Assert.Equal(table.BackupOf(s), decision.Table.ActiveOf(s)));
    }

    [Fact]
    public void A_change_that_changes_nothing_gives_the_same_table_back()
    {
        var table = SlotPlanner.Rebalance(SlotTable.Empty(512), Members(5)).Table;

        var decision = SlotPlanner.Rebalance(table, Members(5).Reverse());

        Assert.Same(table, decision.Table);
        Assert.False(Assert.Single(decision.Reasons).Acts);
    }

    [Fact]
    public void The_reasons_say_who_gives_and_who_takes_how_many()
    {
        var table = SlotPlanner.Rebalance(SlotTable.Empty(512), Members(3)).Table;

        var decision = SlotPlanner.Rebalance(table, [.. Members(3).Skip(1), new SlotMember(new MemberId(1, 9), 50)]);

        Assert.Equal(
            [
                "member 1_1: leaves: 171 slots become 0",
                "member 1_2: 171 slots become 205",
                "member 1_3: 170 slots become 205",
                "member 1_9: joins: 0 slots become 102",
                "distribution: version 2: 171 of 512 slots move, " + decision.BackupsToFill + " copies for new backups",
            ],
            decision.Reasons.Select(r => r.ToString()));
    }

    [Fact]
    public void A_lost_site_goes_on_at_the_copies_of_the_other_one()
    {
        SlotMember[] both = [.. Members(3), .. Members(3, site: 2)];
        var standby = both.Select(m => m with { Carries = m.Id.Site == 1 }).ToList();
        var table = SlotPlanner.Rebalance(SlotTable.Empty(512), standby).Table;

        var decision = SlotPlanner.Promote(table, Members(3, site: 2));

        Assert.Equal(512, decision.Moved);
        Assert.All(Enumerable.Range(0, 512), s => Assert.Equal(table.RemoteBackupOf(s)!.Id, decision.Table.ActiveOf(s)!.Id));
        AssertShares(decision.Table, Members(3, site: 2), offBy: 1);
    }

    [Theory]
    [InlineData(4, 2, true)]
    [InlineData(5, 2, false)]
    [InlineData(6, 3, true)]
    [InlineData(2, 1, true)]
    [InlineData(3, 1, false)]
    public void A_site_with_fewer_than_half_the_members_keeps_no_copies_of_the_other_ones(int carrying, int keeping, bool kept)
    {
        var decision = SlotPlanner.Rebalance(SlotTable.Empty(64), [.. Members(carrying), .. Members(keeping, site: 2).Select(m => m with { Carries = false })]);

        Assert.All(Enumerable.Range(0, 64), s => Assert.Equal(kept, decision.Table.RemoteBackupOf(s) is not null));
        Assert.All(Enumerable.Range(0, 64), s => Assert.Equal(1, decision.Table.BackupOf(s)!.Id.Site));
        Assert.Equal(kept ? 0 : 1, decision.Reasons.Count(r => r.ToString().Contains("copies of site 1's connections on the other site are off", StringComparison.Ordinal)));
    }

    [Fact]
    public void Copies_come_back_with_the_members_that_keep_them()
    {
        SlotMember[] few = [.. Members(4), .. Members(1, site: 2).Select(m => m with { Carries = false })];
        var off = SlotPlanner.Rebalance(SlotTable.Empty(64), few).Table;

        var decision = SlotPlanner.Rebalance(off, [.. few, new SlotMember(new MemberId(2, 2), 100, Carries: false)]);

        Assert.Equal((0, 64), (decision.Moved, decision.BackupsToFill));
        Assert.All(Enumerable.Range(0, 64), s => Assert.NotNull(decision.Table.RemoteBackupOf(s)));
    }

    [Fact]
    public void Who_is_alone_has_no_backup_and_who_is_alone_on_its_site_has_one_on_the_other()
    {
        var alone = SlotPlanner.Rebalance(SlotTable.Empty(16), Members(1)).Table;
        Assert.All(Enumerable.Range(0, 16), s => Assert.Null(alone.BackupOf(s)));

        var two = SlotPlanner.Rebalance(alone, [.. Members(1), .. Members(1, site: 2)]).Table;
        Assert.All(Enumerable.Range(0, 16), s => Assert.NotEqual(two.ActiveOf(s)!.Id.Site, two.BackupOf(s)!.Id.Site));
        Assert.All(Enumerable.Range(0, 16), s => Assert.Null(two.RemoteBackupOf(s)));
    }

    [Fact]
    public void A_large_table_keeps_its_promises_too()
    {
        var table = SlotPlanner.Rebalance(SlotTable.Empty(65536), Members(52)).Table;
        AssertBackups(table);

        var lost = SlotPlanner.Promote(table, Members(52).Skip(1));
        Assert.Equal(1261, lost.Moved);
        AssertShares(lost.Table, Members(52).Skip(1).ToList(), offBy: 1);
        AssertBackups(lost.Table);
    }

    [Fact]
    public void Who_came_back_a_moment_ago_gets_of_the_lost_only_what_nobody_else_keeps()
    {
        SlotMember[] all = [.. Members(3), .. Members(3, site: 2)];
        var table = SlotPlanner.Rebalance(SlotTable.Empty(512), all).Table;
        MemberId lost = new(1, 1), back = new(1, 2);
        var left = all.Where(m => m.Id != lost).ToList();

        var decision = SlotPlanner.Promote(table, left, [back]);

        Assert.All(table.SlotsOf(lost), s => Assert.Equal(table.BackupOf(s)!.Id == back ? table.RemoteBackupOf(s)!.Id : table.BackupOf(s)!.Id, decision.Table.ActiveOf(s)!.Id));
        Assert.Equal(table.SlotsOf(back), decision.Table.SlotsOf(back));

        // On one site there is no other copy: who keeps it takes over all the same.
        var single = SlotPlanner.Rebalance(SlotTable.Empty(512), Members(3)).Table;
        var promoted = SlotPlanner.Promote(single, Members(3).Where(m => m.Id != lost), [back]).Table;
        Assert.All(single.SlotsOf(lost), s => Assert.Equal(single.BackupOf(s)!.Id, promoted.ActiveOf(s)!.Id));
    }

    [Fact]
    public void What_nobody_keeps_a_copy_of_goes_to_who_has_been_there_all_the_time_while_there_is_one()
    {
        var table = SlotPlanner.Rebalance(SlotTable.Empty(512), Members(4)).Table;
        MemberId[] lost = [new(1, 1), new(1, 2)];
        var orphans = table.SlotsOf(lost[0]).Concat(table.SlotsOf(lost[1])).Where(s => lost.Contains(table.BackupOf(s)!.Id)).ToList();
        Assert.NotEmpty(orphans);
        var left = Members(4).Where(m => !lost.Contains(m.Id)).ToList();

        var one = SlotPlanner.Promote(table, left, [new(1, 3)]).Table;
        var none = SlotPlanner.Promote(table, left, [new(1, 3), new(1, 4)]).Table;

        Assert.All(orphans, s => Assert.Equal(new MemberId(1, 4), one.ActiveOf(s)!.Id));
        Assert.All(orphans, s => Assert.NotNull(none.ActiveOf(s)));
    }

    [Fact]
    public void Members_that_make_no_sense_are_refused()
    {
        Assert.Throws<ArgumentException>(() => SlotPlanner.Rebalance(SlotTable.Empty(16), [.. Members(2), .. Members(1)]));
        Assert.Throws<ArgumentException>(() => SlotPlanner.Rebalance(SlotTable.Empty(16), [new SlotMember(new MemberId(1, 1), 513)]));
        Assert.Throws<ArgumentException>(() => SlotTable.Empty(500));
    }

    private static IReadOnlyList<SlotMember> Members(int count, int site = 1) => [.. Enumerable.Range(1, count).Select(n => new SlotMember(new MemberId(site, n), 100))];

    private static int Slots(SlotTable table, SlotMember member) => table.SlotsOf(member.Id).Count;

    private static int Changed(SlotTable before, SlotTable after) => Enumerable.Range(0, before.SlotCount).Count(s => before.ActiveOf(s)?.Id != after.ActiveOf(s)?.Id);

    private static void AssertShares(SlotTable table, IReadOnlyList<SlotMember> members, int offBy)
    {
        var sum = members.Where(m => m.TakesSlots).Sum(m => (long)m.Weight);
        foreach (var member in members)
        {
            // |slots - exact| < offBy, without a fraction.
            var off = Math.Abs((Slots(table, member) * sum) - ((long)table.SlotCount * (member.TakesSlots ? member.Weight : 0)));
            Assert.True(off == 0 || off < offBy * sum, $"{member} of weight {member.Weight} has {Slots(table, member)} of {table.SlotCount}");
        }
    }

    private static void AssertBackups(SlotTable table)
    {
        var carriers = table.Members.Where(m => m.TakesSlots).ToList();
        foreach (var owner in carriers)
        {
            var slots = table.SlotsOf(owner.Id);
            var near = carriers.Where(m => m.Id != owner.Id && m.Id.Site == owner.Id.Site).ToList();
            var far = table.Members.Where(m => m.Weight > 0 && m.Id.Site != owner.Id.Site).ToList();
            AssertSpread(slots, near.Count > 0 ? near : far, table.BackupOf);
            AssertSpread(slots, near.Count > 0 && far.Count * 2 >= near.Count + 1 ? far : [], table.RemoteBackupOf);
        }
    }

    private static void AssertSpread(IReadOnlyList<int> slots, List<SlotMember> candidates, Func<int, SlotMember?> backup)
    {
        var counts = slots.GroupBy(s => backup(s)?.Id).ToDictionary(g => g.Key ?? default, g => g.Count());
        Assert.All(counts.Keys, id => Assert.Contains(candidates.Count == 0 ? default : id, candidates.Count == 0 ? [default] : candidates.Select(c => c.Id)));
        var sum = candidates.Sum(c => (long)c.Weight);
        foreach (var candidate in candidates)
        {
            var off = Math.Abs((counts.GetValueOrDefault(candidate.Id) * sum) - ((long)slots.Count * candidate.Weight));
            Assert.True(off == 0 || off < sum, $"{candidate} backs up {counts.GetValueOrDefault(candidate.Id)} of {slots.Count}");
        }
    }
}

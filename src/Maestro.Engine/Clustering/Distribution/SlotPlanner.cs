using System.Globalization;
using Maestro.Engine.Model.Groups;
using Maestro.Engine.Operations.Plans;

namespace Maestro.Engine.Clustering.Distribution;

/// <summary>
/// Decides the slot table. Counts and deltas only: what is not asked to move is not looked at twice. The same question has the same answer, in whatever
/// order the members are given.
/// </summary>
internal static class SlotPlanner
{
    /// <summary>Every member gets its share by weight, with the fewest slots moved; where a slot moves, to its backup if that is due one. Then the backups.</summary>
    /// <param name="table">As it is.</param>
    /// <param name="members">Who is in the distribution from now on.</param>
    /// <exception cref="ArgumentException">A member twice, or a weight outside 0..512.</exception>
    public static SlotDecision Rebalance(SlotTable table, IEnumerable<SlotMember> members) => Decide(table, members, promotes: false);

    /// <summary>
    /// Members are lost: their slots go to the backups and no other slot moves, at the price of shares that may be off until the next
    /// <see cref="Rebalance"/> where weights differ or several are lost at once. Then the backups.
    /// </summary>
    /// <param name="table">As it is.</param>
    /// <param name="members">Who is left.</param>
    /// <param name="notYet">Those of them who came back a moment ago, perhaps without the copies that they kept: they get what nobody else has a copy of, and nothing that nobody has one of while there are others.</param>
    /// <exception cref="ArgumentException">A member twice, or a weight outside 0..512.</exception>
    public static SlotDecision Promote(SlotTable table, IEnumerable<SlotMember> members, IReadOnlyCollection<MemberId>? notYet = null) => Decide(table, members, promotes: true, notYet);

    private static SlotDecision Decide(SlotTable table, IEnumerable<SlotMember> members, bool promotes, IReadOnlyCollection<MemberId>? notYet = null)
    {
        var sorted = Sort(members);
        var weights = Array.ConvertAll(sorted, m => m.Share);
        var draft = new SlotDraft(table, sorted, weights);
        if (draft.TakerCount > 0)
        {
            var takers = notYet is null ? weights : But(notYet, sorted, weights);
            if (promotes) draft.PromoteBackups(takers);
            draft.Balance(SlotQuota.Divide(table.SlotCount, takers, draft.Owned), orphansOnly: promotes);
        }

        var filled = draft.PlaceBackups();
        var result = new SlotTable(table.Version + 1, sorted, draft.Active, draft.Backup, draft.Remote);
        if (result.IsSameAs(table)) return new SlotDecision { Table = table, Moved = 0, BackupsToFill = 0, Reasons = [new Decision("distribution", "is as it should be", Acts: false)] };
        return new SlotDecision { Table = result, Moved = draft.Moved, BackupsToFill = filled, Reasons = SlotWords.Explain(table, result, draft, filled) };
    }

    // The same where nobody would be left.
    private static int[] But(IReadOnlyCollection<MemberId> notYet, SlotMember[] members, int[] weights)
    {
        var others = weights.Select((w, i) => notYet.Contains(members[i].Id) ? 0 : w).ToArray();
        return Array.Exists(others, w => w > 0) ? others : weights;
    }

    /// <summary>By id, as tables have them.</summary>
    /// <exception cref="ArgumentException">A member twice, or a weight outside 0..512.</exception>
    public static SlotMember[] Sort(IEnumerable<SlotMember> members)
    {
        var sorted = members.ToArray();
        Array.Sort(sorted, (a, b) => a.Id.CompareTo(b.Id));
        if (sorted.Length > short.MaxValue) throw new ArgumentException("A table cannot have so many members.", nameof(members));
        for (var i = 0; i < sorted.Length; i++)
        {
            if (i > 0 && sorted[i].Id == sorted[i - 1].Id) throw new ArgumentException($"Member {sorted[i]} is there twice.", nameof(members));
            if (sorted[i].Weight is < 0 or > SlotMember.HighestWeight) throw new ArgumentException($"The weight of {sorted[i]} is {sorted[i].Weight.ToString(CultureInfo.InvariantCulture)}; it must be 0..512.", nameof(members));
        }

        return sorted;
    }
}

using System.Globalization;
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
    /// <exception cref="ArgumentException">A member twice, or a weight outside 0..512.</exception>
    public static SlotDecision Promote(SlotTable table, IEnumerable<SlotMember> members) => Decide(table, members, promotes: true);

    private static SlotDecision Decide(SlotTable table, IEnumerable<SlotMember> members, bool promotes)
    {
        var sorted = Sort(members);
        var weights = Array.ConvertAll(sorted, m => m.Share);
        var draft = new SlotDraft(table, sorted, weights);
        if (draft.TakerCount > 0)
        {
            if (promotes) draft.PromoteBackups();
            draft.Balance(SlotQuota.Divide(table.SlotCount, weights, draft.Owned), orphansOnly: promotes);
        }

        var filled = draft.PlaceBackups();
        var result = new SlotTable(table.Version + 1, sorted, draft.Active, draft.Backup, draft.Remote);
        if (result.IsSameAs(table)) return new SlotDecision { Table = table, Moved = 0, BackupsToFill = 0, Reasons = [new Decision("distribution", "is as it should be", Acts: false)] };
        return new SlotDecision { Table = result, Moved = draft.Moved, BackupsToFill = filled, Reasons = SlotWords.Explain(table, result, draft, filled) };
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

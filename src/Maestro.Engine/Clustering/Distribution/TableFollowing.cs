using Maestro.Engine.Model.Groups;

namespace Maestro.Engine.Clustering.Distribution;

/// <summary>Brings a table to the members that carry now.</summary>
internal static class TableFollowing
{
    /// <summary>The slots of the lost go to their backups first; then everybody has its share. A group's first table is built from nothing.</summary>
    /// <param name="slots">As they are.</param>
    /// <param name="members">Who carries from now on.</param>
    /// <param name="lost">Who is out without a word: it hands nothing over.</param>
    /// <param name="notYet">Who gets slots of the lost only where nobody else has their copies.</param>
    /// <returns>The same table where nothing changes; else one of a higher version.</returns>
    public static SlotTable Follow(SlotTable slots, IReadOnlyCollection<SlotMember> members, IReadOnlyCollection<MemberId> lost, IReadOnlyCollection<MemberId>? notYet = null)
    {
        if (slots.Version == 0 && members.Count > 0) return RendezvousTable.Build(slots.SlotCount, members, version: 1);
        return SlotPlanner.Rebalance(Promote(slots, lost, notYet) ?? slots, members).Table;
    }

    /// <summary>The table with the slots of the lost at their backups, and every other where it was; null where they have none, or nobody else of it takes any.</summary>
    public static SlotTable? Promote(SlotTable slots, IReadOnlyCollection<MemberId> lost, IReadOnlyCollection<MemberId>? notYet = null)
    {
        var left = slots.Members.Where(m => !lost.Contains(m.Id)).ToList();
        return left.Count < slots.Members.Count && left.Any(m => m.TakesSlots) ? SlotPlanner.Promote(slots, left, notYet).Table : null;
    }
}

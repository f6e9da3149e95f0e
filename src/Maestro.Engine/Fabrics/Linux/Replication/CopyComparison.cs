using Maestro.Engine.Clustering.Distribution;
using Maestro.Engine.Fabrics.Linux.Traffic;
using Maestro.Engine.Model.Distribution;
using Maestro.Engine.Model.Groups;

namespace Maestro.Engine.Fabrics.Linux.Replication;

/// <summary>Which connections that a member carries are known to no backup of their slot. Pure.</summary>
internal static class CopyComparison
{
    private static readonly FlowSide[] Sides = [FlowSide.Outside, FlowSide.Inside];

    /// <param name="table">By which slots are carried and backed up.</param>
    /// <param name="known">What each member that was asked knows.</param>
    /// <param name="isExempt">Of which connections nobody can say yet whether they should have a copy.</param>
    /// <returns>By owner: the keys of what lasts and should have a copy, and has none. A backup that was not asked is not blamed.</returns>
    public static SortedDictionary<MemberId, IReadOnlyList<string>> FindMissing(DistributionTable table, IReadOnlyDictionary<MemberId, IReadOnlyDictionary<string, KnownConnection>> known, Func<KnownConnection, bool> isExempt)
    {
        var missing = new SortedDictionary<MemberId, IReadOnlyList<string>>();
        foreach (var (owner, connections) in known.Select(k => (k.Key, k.Value)))
        {
            List<string> lacking = [.. connections.Values.Where(c => c.MustBeThere && !isExempt(c) && !HasCopy(table, owner, c, known)).Select(c => c.Key).OrderBy(k => k, StringComparer.Ordinal)];
            if (lacking.Count > 0) missing[owner] = lacking;
        }

        return missing;
    }

    /// <summary>
    /// An entry does not say which side its first packet came in on. Where both readings are the owner's, either backup may have it; where one is another
    /// member's who knows it, it is that one's connection, and a copy here.
    /// </summary>
    private static bool HasCopy(DistributionTable table, MemberId owner, KnownConnection connection, IReadOnlyDictionary<MemberId, IReadOnlyDictionary<string, KnownConnection>> known)
    {
        var isOwn = false;
        foreach (var side in Sides)
        {
            var slot = table.Rules.SlotOf(connection.Flow, side, table.Slots.SlotCount);
            if (table.Slots.ActiveOf(slot) is not { } active) continue;
            isOwn |= active.Id == owner;
            if ((active.Id == owner ? table.Slots.BackupOf(slot) : active) is not { } other || !known.TryGetValue(other.Id, out var there) || there.ContainsKey(connection.Key)) return true;
        }

        return !isOwn;
    }
}

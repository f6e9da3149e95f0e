using System.Globalization;

namespace Maestro.Engine.Clustering.Distribution;

/// <summary>What one orchestrating host was seen to go by.</summary>
/// <param name="Orchestrator">Its id.</param>
/// <param name="Table">The table in its kernel; null where there is none that can be read.</param>
/// <param name="Fault">Why it does not steer by that; empty when it does, or when it simply has none.</param>
internal sealed record OrchestratorSight(string Orchestrator, DistributionTable? Table, string Fault);

/// <summary>
/// Which table is a group's, from what the orchestrators have in their kernels, what the store remembers and who the members are. The newest counts. A
/// version is never given twice: where all kernels lost the table it is the newest that the store remembers, and only where that is gone, too, one is made from nothing.
/// </summary>
internal static class TableRecovery
{
    public static (DistributionTable Table, IReadOnlyList<string> OutOfStep) Choose(IReadOnlyList<OrchestratorSight> seen, DistributionTable? remembered, IReadOnlyCollection<SlotMember> members)
    {
        var table = Newest(seen) is { } there && (remembered is null || there.Version >= remembered.Version) ? there : remembered;
        table ??= new DistributionTable(FlowRules.Default, TableFollowing.Follow(SlotTable.Empty(SlotTable.DefaultSlotCount), members, []));
        return (table, [.. seen.Select(s => Behind(s, table)).Where(words => words.Length > 0)]);
    }

    // Of two kernels that disagree about one version the first host's word counts; the other is brought in step.
    private static DistributionTable? Newest(IReadOnlyList<OrchestratorSight> seen) =>
        seen.Where(s => s.Table is not null).OrderByDescending(s => s.Table!.Version).ThenBy(s => s.Orchestrator, StringComparer.Ordinal).FirstOrDefault()?.Table;

    private static string Behind(OrchestratorSight seen, DistributionTable table)
    {
        if (seen.Fault.Length > 0) return $"{seen.Orchestrator} {seen.Fault}";
        if (seen.Table is null) return table.Version == 0 ? "" : $"{seen.Orchestrator} has no table";
        if (seen.Table == table) return "";
        var version = seen.Table.Version.ToString(CultureInfo.InvariantCulture);
        return seen.Table.Version == table.Version ? $"{seen.Orchestrator} has another table of version {version}" : $"{seen.Orchestrator} goes by version {version}";
    }
}

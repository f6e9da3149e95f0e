using System.Globalization;
using Maestro.Engine.Clustering.Distribution;
using Maestro.Engine.Operations.Leases;

namespace Maestro.Engine.Store;

/// <summary>The tables that a group's distribution had, as this store saw them. The truth is with the orchestrators; this is for when they all lost it, and for the record.</summary>
internal static class TableHistory
{
    public const int Kept = 20;

    private const string Collection = "distribution";

    /// <summary>Newest first. What a newer version wrote and cannot be read here is left out.</summary>
    public static async Task<IReadOnlyList<DistributionTable>> ReadAsync(IStore store, string securityGroup)
    {
        var tables = new List<DistributionTable>();
        foreach (var document in await OfAsync(store, securityGroup))
        {
            try
            {
                tables.Add(DistributionTable.Read(document.Value));
            }
            catch (FormatException)
            {
                // A form of a newer version; the others still help.
            }
        }

        tables.Reverse();
        return tables;
    }

    /// <summary>Adds one, and drops what is older than the newest <see cref="Kept"/>.</summary>
    public static async Task AddAsync(IStore store, LeaseToken token, string securityGroup, DistributionTable table)
    {
        await store.WriteDocumentAsync(token, Collection, securityGroup + "/" + table.Version.ToString("D19", CultureInfo.InvariantCulture), table.Write());
        var all = await OfAsync(store, securityGroup);
        foreach (var old in all.Take(Math.Max(0, all.Count - Kept))) await store.WriteDocumentAsync(token, Collection, old.Key, null);
    }

    private static async Task<List<KeyValuePair<string, string>>> OfAsync(IStore store, string securityGroup) =>
        [.. (await store.ListDocumentsAsync(Collection)).Where(d => d.Key.StartsWith(securityGroup + "/", StringComparison.Ordinal))];
}

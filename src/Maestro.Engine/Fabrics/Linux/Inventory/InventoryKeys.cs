using Maestro.Engine.Model.Distribution;

namespace Maestro.Engine.Fabrics.Linux.Inventory;

/// <summary>The keys of an inventory, by the object that they stand in. The shipped schema is checked against this by a test.</summary>
internal static class InventoryKeys
{
    private static readonly string[] Access = ["user", "port", "keyPath", "become", "site", "jump"];

    public static readonly IReadOnlyList<string> Root = ["$schema", "version", "name", "defaults", "jumpHosts", "stateSync", "orchestrators", "gateways"];
    public static readonly IReadOnlyList<string> StateSync = ["port", "delay", "copiesPerSecond", "services"];
    public static readonly IReadOnlyList<string> SyncedService = ["protocol", "port", "delay"];
    public static readonly IReadOnlyList<string> Defaults = Access;
    public static readonly IReadOnlyList<string> JumpHost = ["id", "address", "port", "user", "keyPath", "hostKey", "description"];
    public static readonly IReadOnlyList<string> Orchestrator = ["id", "address", "hostKey", "description", .. Access, "ports"];
    public static readonly IReadOnlyList<string> Gateway = ["id", "address", "hostKey", "cores", "model", "description", .. Access, "downlinks"];
    public static readonly IReadOnlyList<string> Port = ["id", "interface", "type", "side", "address", "virtualAddress"];
    public static readonly IReadOnlyList<string> Downlink = ["interface", "side", "address"];

    public static readonly IReadOnlyList<string> PortTypes = ["uplink", "downlink", "mgmt", "site_sync", "ssm_sync"];
    public static readonly IReadOnlyList<string> Sides = ["inside", "outside"];
    public static readonly IReadOnlyList<string> SyncedProtocols = ["tcp", "udp", "sctp"];
    public static readonly IReadOnlyList<string> Become = ["sudo", "none"];

    private static readonly string[] SecretWords = ["password", "passwd", "passphrase", "secret", "token", "privatekey", "apikey", "keytext", "credential"];
    private static readonly string[] SecretNames = ["pass", "pwd", "pw", "psk", "key"];

    /// <summary>How an inventory calls a side: one of <see cref="Sides"/>.</summary>
    public static string Name(FlowSide side) => side == FlowSide.Inside ? "inside" : "outside";

    /// <summary>True when a key's name says that its value is a secret, which a file under version control must not hold.</summary>
    public static bool NamesSecret(string key)
    {
        var plain = key.Replace("-", "").Replace("_", "").ToLowerInvariant();
        return SecretNames.Contains(plain) || SecretWords.Any(word => plain.IndexOf(word, StringComparison.Ordinal) >= 0);
    }

    /// <summary>The key that was probably meant: by edit distance, at most two thirds of its length.</summary>
    public static string? Nearest(string key, IReadOnlyList<string> known)
    {
        var best = known.Select(k => (Key: k, Distance: Distance(key.ToLowerInvariant(), k.ToLowerInvariant()))).OrderBy(k => k.Distance).ThenBy(k => k.Key, StringComparer.Ordinal).First();
        return best.Distance * 3 <= best.Key.Length * 2 ? best.Key : null;
    }

    // Levenshtein, row by row.
    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var above = row[j];
                row[j] = Math.Min(Math.Min(row[j] + 1, row[j - 1] + 1), diagonal + (a[i - 1] == b[j - 1] ? 0 : 1));
                diagonal = above;
            }
        }

        return row[b.Length];
    }
}

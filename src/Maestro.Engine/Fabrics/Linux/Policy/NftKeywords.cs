namespace Maestro.Engine.Fabrics.Linux.Policy;

/// <summary>The words that begin statements of nft, as far as a policy has to know them (nft(8)).</summary>
internal static class NftKeywords
{
    public static readonly HashSet<string> Families = new(StringComparer.Ordinal) { "ip", "ip6", "inet", "arp", "bridge", "netdev" };

    /// <summary>What <c>add</c> can be about, a table aside.</summary>
    public static readonly HashSet<string> Objects = new(StringComparer.Ordinal)
    {
        "chain", "rule", "set", "map", "element", "flowtable", "counter", "quota", "limit", "secmark", "synproxy", "ct",
    };

    /// <summary>Verbs that ask, or take away, or need something that is there already.</summary>
    public static readonly HashSet<string> OtherVerbs = new(StringComparer.Ordinal)
    {
        "delete", "destroy", "flush", "replace", "list", "get", "reset", "rename", "monitor", "describe", "import", "export",
    };

    /// <summary>
    /// Names that nft 1.0.6 lets a table have and then does not let it be listed by, for in <c>list</c> they are keywords (tried with every word
    /// in the library).
    /// </summary>
    public static readonly HashSet<string> Unlistable = new(StringComparer.Ordinal)
    {
        "chains", "counters", "flowtables", "limits", "maps", "meters", "quotas", "secmarks", "sets",
    };

    /// <summary>True for a command about a rule: <c>add rule</c>, <c>insert rule</c>, <c>rule</c>, and the short forms without that word.</summary>
    public static bool StartsRule(string first, string second) => first switch
    {
        "add" or "create" or "insert" => second == "rule" || !(Objects.Contains(second) || second is "table" or ""),
        "rule" => true,
        _ => !(Objects.Contains(first) || OtherVerbs.Contains(first) || first == "table"),
    };
}

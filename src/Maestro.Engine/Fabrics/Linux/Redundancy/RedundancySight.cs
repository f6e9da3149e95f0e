using Maestro.Engine.Fabrics.Linux.Ssh;

namespace Maestro.Engine.Fabrics.Linux.Redundancy;

/// <summary>What an orchestrating host said of keepalived.</summary>
internal sealed record RedundancySight
{
    /// <summary>Whether the package is there.</summary>
    public bool HasKeepalived { get; init; }

    /// <summary>What it was told by us; empty for nothing.</summary>
    public string Told { get; init; } = "";

    public bool Runs { get; init; }

    /// <summary>Why it may not have the addresses that neighbours send to; empty when it may.</summary>
    public string Unfit { get; init; } = "";

    /// <summary>All addresses that the host has, of whatever kind, without prefix lengths.</summary>
    public IReadOnlyList<string> Addresses { get; init; } = [];

    /// <returns>Null where the script was not to say it.</returns>
    public static RedundancySight? Read(ScriptAnswer answer, IReadOnlyDictionary<string, string> sections) => answer.Value("keepalived").Length == 0 ? null : new()
    {
        HasKeepalived = answer.Value("keepalived") == "there",
        Told = sections.TryGetValue("vrrp", out var told) ? told : "",
        Runs = answer.Value("vrrp.runs") == "yes",
        Unfit = answer.Word("vrrp.unfit"),
        Addresses = [.. (sections.TryGetValue("addresses", out var text) ? text : "").Split('\n').Select(AddressOf).Where(a => a.Length > 0)],
    };

    /// <summary>Whether it has addresses of those; null where it shares none.</summary>
    public bool? Holds(IReadOnlyList<VirtualRouter> routers) => routers.Count == 0 ? null : routers.Any(r => Addresses.Contains(r.Address.ToString()));

    /// <summary>What of it is not as it should be; empty when all is, or when the package is missing, of which <see cref="Lack"/> speaks.</summary>
    public string FaultOf(IReadOnlyList<VirtualRouter> routers)
    {
        if (routers.Count == 0) return Told.Length > 0 ? "shares addresses that the inventory does not name" : "";
        if (!HasKeepalived) return "";
        if (Told.Length == 0) return "does not share its addresses yet";
        if (Told != KeepalivedText.Of(routers)) return "shares its addresses in another way than the inventory says";
        if (!Runs) return "has no keepalived that runs";
        return Unfit.Length > 0 ? "may not have the addresses that neighbours send to: " + Unfit : "";
    }

    /// <summary>Why nothing gives its addresses to another host; empty where something does, or nothing is to.</summary>
    public string Lack(IReadOnlyList<VirtualRouter> routers) =>
        routers.Count > 0 && !HasKeepalived ? "keepalived is missing, so that nothing gives it the addresses that the inventory names: apt-get install keepalived, then Set-GroupDistribution" : "";

    // "2: eth1    inet 10.1.0.100/24 scope global ..."
    private static string AddressOf(string line)
    {
        var words = line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        var at = Array.FindIndex(words, w => w is "inet" or "inet6");
        return at >= 0 && at + 1 < words.Length ? words[at + 1].Split('/')[0] : "";
    }
}

using System.Globalization;
using System.Net.Sockets;

namespace Maestro.Engine.Fabrics.Linux.Policy.Json;

/// <summary>The services of a rule: protocols, and of those that have them ports.</summary>
internal sealed class ServiceSet
{
    public static readonly IReadOnlyList<string> WithPorts = ["tcp", "udp", "sctp"];
    public static readonly IReadOnlyList<string> WithoutPorts = ["icmp", "esp", "ah", "gre"];

    private readonly SortedDictionary<string, List<NumberRange>> _ports = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _whole = new(StringComparer.Ordinal);

    public bool IsAny { get; private set; }

    public static ServiceSet Any() => new() { IsAny = true };

    public void Add(ServiceSet other)
    {
        IsAny |= other.IsAny;
        _whole.UnionWith(other._whole);
        foreach (var pair in other._ports) Of(pair.Key).AddRange(pair.Value);
    }

    /// <summary>What rules match, one rule each; one empty text for any service.</summary>
    /// <param name="family">That of the rule's addresses; null when it has none.</param>
    public IEnumerable<string> Matches(AddressFamily? family)
    {
        if (IsAny) return [""];
        var whole = _whole.SelectMany(p => p != "icmp" ? [p] : family switch
        {
            AddressFamily.InterNetwork => ["icmp"],
            AddressFamily.InterNetworkV6 => ["ipv6-icmp"],
            _ => (string[])["icmp", "ipv6-icmp"],
        }).ToList();
        var ports = _ports.Where(p => !_whole.Contains(p.Key)).Select(p => (Protocol: p.Key, Ports: NumberRanges.Merge(p.Value, n => n.ToString(CultureInfo.InvariantCulture))));
        return [.. ports.Select(p => $"{p.Protocol} dport {Braced(p.Ports)}"), .. whole.Count > 0 ? [$"meta l4proto {Braced(whole)}"] : Array.Empty<string>()];
    }

    /// <summary>Reads <c>tcp/443</c>, <c>udp/5000-5100</c>, <c>tcp</c>, <c>icmp</c>. False when the text is none of them and may be a name; then <paramref name="fault"/> is empty.</summary>
    public static bool TryRead(string text, out ServiceSet set, out string fault)
    {
        set = new ServiceSet();
        fault = "";
        var slash = text.IndexOf('/');
        var protocol = slash < 0 ? text : text.Substring(0, slash);
        if (slash < 0 && (WithPorts.Contains(protocol) || WithoutPorts.Contains(protocol))) return set._whole.Add(protocol);
        if (slash < 0) return false;
        fault = $"'{text}' is no service: {string.Join(", ", WithPorts)} have ports, as in tcp/443 or udp/5000-5100; {string.Join(", ", WithoutPorts)} have none";
        if (!WithPorts.Contains(protocol)) return false;
        var ends = text.Substring(slash + 1).Split('-');
        if (ends.Length > 2 || !TryPort(ends[0], out var first) || !TryPort(ends[ends.Length - 1], out var last) || last < first) return false;
        fault = "";
        var words = first == last ? Text(first) : $"{Text(first)}-{Text(last)}";
        set.Of(protocol).Add(new NumberRange(first, last, words));
        return true;
    }

    private List<NumberRange> Of(string protocol)
    {
        if (!_ports.TryGetValue(protocol, out var ranges)) _ports[protocol] = ranges = [];
        return ranges;
    }

    private static string Braced(IReadOnlyList<string> words) => words.Count == 1 ? words[0] : $"{{ {string.Join(", ", words)} }}";

    private static bool TryPort(string text, out int port) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port <= 65535;

    private static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);
}

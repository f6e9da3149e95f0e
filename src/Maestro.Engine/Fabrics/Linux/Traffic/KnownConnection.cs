using System.Globalization;
using System.Net;
using Maestro.Engine.Clustering.Distribution;

namespace Maestro.Engine.Fabrics.Linux.Traffic;

/// <summary>A connection that a host's kernel tracks, as <c>conntrack -o save</c> tells it.</summary>
internal sealed record KnownConnection
{
    /// <summary>Shorter than this it may be gone before anybody looks for it.</summary>
    private static readonly TimeSpan Lasting = TimeSpan.FromSeconds(60);

    private static readonly string[] Opening = ["SYN_SENT", "SYN_SENT2", "SYN_RECV"];

    private static readonly string[] Numbers = ["--sport", "--dport", "--icmp-type", "--icmp-code", "--icmp-id", "--icmpv6-type", "--icmpv6-code", "--icmpv6-id"];

    /// <summary>Protocol, addresses and ports of its first direction: the same on every host.</summary>
    public required string Key { get; init; }

    /// <summary>Its first direction.</summary>
    public required Flow Flow { get; init; }

    /// <summary>Where answers to it come from: not <see cref="Flow"/>'s destination where that was translated.</summary>
    public required IPAddress Answers { get; init; }

    /// <summary>Of TCP and its kin; else empty.</summary>
    public required string State { get; init; }

    public required TimeSpan TimeLeft { get; init; }

    /// <summary>As <c>conntrack -R</c> reads it.</summary>
    public required string Line { get; init; }

    /// <summary>Its handshake is under way: a copy would be overtaken by the next packet.</summary>
    public bool IsOpening => Opening.Contains(State);

    /// <summary>Whoever was given it must still have it.</summary>
    public bool MustBeThere => !IsOpening && TimeLeft >= Lasting;

    /// <summary>Null where the line makes no sense, or tells nothing that could be distributed.</summary>
    public static KnownConnection? Read(string line)
    {
        var words = line.Split([' '], StringSplitOptions.RemoveEmptyEntries);
        var options = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 1; i + 1 < words.Length; i += 2) options[words[i]] = words[i + 1];
        if (words.Length < 2 || words[0] != "-A" || !IPAddress.TryParse(Of("-s"), out var source) || !IPAddress.TryParse(Of("-d"), out var destination) || Of("-p").Length == 0) return null;
        var protocol = Of("-p") switch
        {
            "tcp" => Flow.Tcp,
            "udp" => Flow.Udp,
            "sctp" => Flow.Sctp,
            _ => (byte)0,
        };
        return new KnownConnection
        {
            Key = string.Join(" ", new[] { Of("-p"), Of("-s"), Of("-d") }.Concat(Numbers.Select(Of).Where(n => n.Length > 0))),
            Flow = new Flow(source, destination, protocol, Port("--sport"), Port("--dport")),
            // By another option where the destination is translated.
            Answers = IPAddress.TryParse(Of("-g"), out var answers) || IPAddress.TryParse(Of("-r"), out answers) ? answers : destination,
            State = Of("--state"),
            TimeLeft = long.TryParse(Of("-t"), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? TimeSpan.FromSeconds(Math.Min(seconds, int.MaxValue)) : TimeSpan.Zero,
            Line = line,
        };

        string Of(string option) => options.TryGetValue(option, out var value) ? value : "";

        ushort Port(string option) => ushort.TryParse(Of(option), NumberStyles.None, CultureInfo.InvariantCulture, out var port) ? port : (ushort)0;
    }

    /// <summary>The key and the mark of a line of <c>conntrack -o extended</c>; null where that has none. <c>-o save</c> leaves marks out.</summary>
    public static (string Key, string Mark)? ReadMark(string line)
    {
        var words = line.Split([' '], StringSplitOptions.RemoveEmptyEntries);
        if (words.Length < 5 || First("mark") is not { Length: > 0 } mark || mark == "0") return null;
        return (string.Join(" ", new[] { words[2], First("src"), First("dst"), First("sport"), First("dport"), First("type"), First("code"), First("id") }.Where(w => w.Length > 0)), mark);

        string First(string name) => words.FirstOrDefault(w => w.StartsWith(name + "=", StringComparison.Ordinal))?.Substring(name.Length + 1) ?? "";
    }
}

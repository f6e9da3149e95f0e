using System.Globalization;

namespace Maestro.Engine.Fabrics.Linux.Ssh;

/// <summary>What a known_hosts file vouches for.</summary>
internal sealed class KnownHosts
{
    private readonly IReadOnlyList<KnownHostLine> _lines;

    private KnownHosts(IReadOnlyList<KnownHostLine> lines) => _lines = lines;

    public static KnownHosts Parse(string text) =>
        new([.. text.Split('\n').Select(KnownHostLine.Parse).Where(l => l is not null).Select(l => l!)]);

    /// <summary>The name under which a host stands in the file: other ports than 22 as <c>[host]:port</c>, letters small.</summary>
    public static string NameOf(string host, int port) =>
        (port == 22 ? host : $"[{host}]:{port.ToString(CultureInfo.InvariantCulture)}").ToLowerInvariant();

    /// <summary>The keys on record for a host, in the order of the file; without revoked ones and certificate authorities.</summary>
    public IReadOnlyList<HostKey> For(string host, int port) =>
        [.. _lines.Where(l => l.Marker.Length == 0 && l.Matches(NameOf(host, port))).Select(l => l.Key).Where(k => !IsRevoked(host, port, k))];

    /// <summary>True when a line marks exactly this key as revoked, for this host or for all.</summary>
    public bool IsRevoked(string host, int port, HostKey key) =>
        _lines.Any(l => l.Marker == KnownHostLine.Revoked && l.Key.Key == key.Key && l.Matches(NameOf(host, port)));

    /// <summary>True when the file trusts a certificate authority for the host, which Maestro does not read.</summary>
    public bool HasAuthority(string host, int port) =>
        _lines.Any(l => l.Marker == KnownHostLine.Authority && l.Matches(NameOf(host, port)));
}

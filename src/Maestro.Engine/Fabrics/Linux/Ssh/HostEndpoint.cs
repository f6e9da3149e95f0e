using System.Globalization;

namespace Maestro.Engine.Fabrics.Linux.Ssh;

/// <summary>A host to reach by SSH: where, as whom, and how its key is vouched for.</summary>
internal sealed record HostEndpoint
{
    public required string Id { get; init; }

    /// <summary>A name or an address, IPv6 without brackets.</summary>
    public required string Address { get; init; }

    public int Port { get; init; } = 22;

    public required string User { get; init; }

    /// <summary>True runs everything through <c>sudo -n</c>.</summary>
    public bool BecomeRoot { get; init; }

    /// <summary>A key file's path; empty for the session's.</summary>
    public string KeyPath { get; init; } = "";

    /// <summary>A whole public key, or <c>SHA256:...</c>; empty when only known_hosts can vouch.</summary>
    public string HostKey { get; init; } = "";

    /// <summary>The host that alone can reach it; null for a direct way.</summary>
    public HostEndpoint? Jump { get; init; }

    public override string ToString() =>
        Port == 22 ? Address : (Address.Contains(':') ? $"[{Address}]" : Address) + ":" + Port.ToString(CultureInfo.InvariantCulture);
}

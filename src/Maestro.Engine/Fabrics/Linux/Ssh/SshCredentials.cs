using System.Net;
using System.Security;

namespace Maestro.Engine.Fabrics.Linux.Ssh;

/// <summary>What proves who we are. Secrets live here and in no text.</summary>
internal sealed record SshCredentials
{
    /// <summary>The session's key file: for hosts that name none, and beside the key that a host names.</summary>
    public string KeyPath { get; init; } = "";

    /// <summary>The session's key itself, where it must not lie on a disk.</summary>
    public string? KeyText { get; init; }

    public SecureString? KeyPassphrase { get; init; }

    public NetworkCredential? Password { get; init; }

    /// <summary>Where keys lie that are tried when nothing names one; empty for nowhere.</summary>
    public string DefaultKeyFolder { get; init; } = "";

    // The members of a record are printed by default.
    public override string ToString() => nameof(SshCredentials);
}

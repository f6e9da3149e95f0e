using System.Globalization;
using System.Security.Cryptography;

namespace Maestro.Engine.Fabrics.Linux.Ssh;

/// <summary>How the transport behaves.</summary>
internal sealed record SshTransportOptions
{
    public required TimeProvider Time { get; init; }

    /// <summary>How long a host may take for each single answer while a connection or a shell comes up. ssh's own default is the system's, some two minutes; nobody waits that long at a console.</summary>
    public TimeSpan ConnectPatience { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a host that let a look wait in vain is waited for when it is looked at again. The connection goes on coming up meanwhile.</summary>
    public TimeSpan SilentPatience { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>For how long after a wait in vain <see cref="SilentPatience"/> holds; then a look waits in full again, so that a slow host is not silent for ever.</summary>
    public TimeSpan SilenceMemory { get; init; } = TimeSpan.FromSeconds(45);

    /// <summary>Shells on one connection, 1 to 8. sshd's default MaxSessions is 10; two are left to others.</summary>
    public int ShellsAtOnce { get; init; } = 8;

    /// <summary>
    /// False asks for curve25519 before sntrup761. The library's sntrup761 costs some 90 ms of processor time a connection against 6 ms (64 hosts at once on
    /// two cores: seconds), and what it buys is that traffic recorded today stays closed to quantum computers to come. Hosts that speak ML-KEM (OpenSSH 9.9
    /// and later) get that first either way.
    /// </summary>
    public bool PrefersPostQuantum { get; init; } = true;

    /// <summary>The POSIX shell on the hosts.</summary>
    public string Shell { get; init; } = "/bin/sh";

    /// <summary>Gets everything that goes over the wire, from any thread.</summary>
    public Action<WireTrace>? Trace { get; init; }

    /// <summary>Unguessable words, so that nothing that a command prints can be taken for the end of an answer; they decide nothing and are not replayed.</summary>
    public Func<string> NewMark { get; init; } = () =>
    {
        var bytes = new byte[16];
        using var random = RandomNumberGenerator.Create();
        random.GetBytes(bytes);
        return "maestro_" + string.Concat(bytes.Select(b => b.ToString("x2", CultureInfo.InvariantCulture)));
    };
}

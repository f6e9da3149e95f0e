using System.Globalization;
using System.Security.Cryptography;

namespace Maestro.Engine.Fabrics.Linux.Ssh;

/// <summary>SSH to many hosts: one connection each, kept and reused.</summary>
internal sealed class SshTransport(SshCredentials credentials, HostKeyVerifier verifier, TimeProvider time) : IGatewayTransport
{
    private readonly object _gate = new();
    private readonly Dictionary<string, SshHost> _hosts = new(StringComparer.Ordinal);

    public Task<ScriptAnswer> RunAsync(HostEndpoint host, ShellScript script, TimeSpan timeout, CancellationToken cancellation) =>
        HostOf(host).RunAsync(script, timeout, cancellation);

    public ValueTask DisposeAsync()
    {
        List<SshHost> hosts;
        lock (_gate)
        {
            hosts = [.. _hosts.Values];
            _hosts.Clear();
        }

        foreach (var host in hosts) host.Dispose();
        return default;
    }

    private SshHost HostOf(HostEndpoint endpoint)
    {
        lock (_gate)
        {
            return HostOf_NeedsLock(endpoint);
        }
    }

    private SshHost HostOf_NeedsLock(HostEndpoint endpoint)
    {
        var name = endpoint.User + "@" + endpoint;
        if (_hosts.TryGetValue(name, out var known)) return known;
        var jump = endpoint.Jump is null ? null : HostOf_NeedsLock(endpoint.Jump);
        return _hosts[name] = new SshHost(endpoint, credentials, verifier, jump, NewMark, time);
    }

    // Unguessable, so that nothing that a command prints can be taken for the end of an answer; it decides nothing and is not replayed.
    private static string NewMark()
    {
        var bytes = new byte[16];
        using var random = RandomNumberGenerator.Create();
        random.GetBytes(bytes);
        return "maestro_" + string.Concat(bytes.Select(b => b.ToString("x2", CultureInfo.InvariantCulture)));
    }
}

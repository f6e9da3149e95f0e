using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using Maestro.Engine.Model.Errors;
using Renci.SshNet;
using Renci.SshNet.Common;

namespace Maestro.Engine.Fabrics.Linux.Ssh;

/// <summary>One host's connection and its shells: opened when first needed, reused, opened anew when lost.</summary>
internal sealed class SshHost(HostEndpoint endpoint, SshCredentials credentials, HostKeyVerifier verifier, SshHost? jump, Func<string> newMark, TimeProvider time) : IDisposable
{
    // sshd's default MaxSessions is 10; two are left to others.
    private const int ShellsAtOnce = 8;

    private readonly SemaphoreSlim _connecting = new(1);
    private readonly SemaphoreSlim _shells = new(ShellsAtOnce);
    private readonly ConcurrentStack<RemoteShell> _idle = new();
    private SshClient? _client;

    public async Task<ScriptAnswer> RunAsync(ShellScript script, TimeSpan timeout, CancellationToken cancellation)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var deadline = time.Delay(timeout, end.Token);
        try
        {
            await _shells.WaitAsync(cancellation);
            try
            {
                var (shell, reused) = await TakeAsync(timeout, cancellation);
                var answer = await ExchangeAsync(shell, script, deadline);
                if (answer.Outcome != ScriptOutcome.Answered && reused && script.Intent == ScriptIntent.Read && !deadline.IsCompleted)
                {
                    // A kept connection may have died unnoticed, with its host; a question may be asked twice.
                    Drop();
                    (shell, _) = await TakeAsync(timeout, cancellation);
                    answer = await ExchangeAsync(shell, script, deadline);
                }

                return answer.Outcome == ScriptOutcome.Answered ? answer : answer with { Fault = Explain(answer.Output) };
            }
            finally
            {
                _shells.Release();
            }
        }
        catch (MaestroException fault)
        {
            return new ScriptAnswer(ScriptOutcome.NotSent, -1, fault.Message, fault);
        }
        catch (Exception fault) when (fault is SshException or SocketException or IOException or OperationCanceledException or InvalidOperationException or TimeoutException)
        {
            return new ScriptAnswer(ScriptOutcome.NotSent, -1, fault.Message, Unreachable(fault.Message, fault));
        }
        finally
        {
            end.Cancel();
        }
    }

    public void Dispose()
    {
        while (_idle.TryPop(out var shell)) shell.Dispose();
        Drop();
    }

    private async Task<ScriptAnswer> ExchangeAsync(RemoteShell shell, ShellScript script, Task deadline)
    {
        var answer = await shell.RunAsync(script, deadline);
        if (shell.IsBroken) shell.Dispose();
        else _idle.Push(shell);
        return answer;
    }

    private async Task<(RemoteShell Shell, bool Reused)> TakeAsync(TimeSpan timeout, CancellationToken cancellation)
    {
        while (_idle.TryPop(out var idle))
        {
            if (!idle.IsBroken && _client is { IsConnected: true }) return (idle, true);
            idle.Dispose();
        }

        await _connecting.WaitAsync(cancellation);
        try
        {
            if (_client is not { IsConnected: true })
            {
                Drop();
                _client = await ConnectAsync(timeout, cancellation);
            }

            return (RemoteShell.Open(_client, endpoint.BecomeRoot, newMark), false);
        }
        finally
        {
            _connecting.Release();
        }
    }

    /// <summary>The way through this host to another: a forwarded channel on a loopback port of its own.</summary>
    private async Task<int> ForwardAsync(HostEndpoint target, TimeSpan timeout, CancellationToken cancellation)
    {
        await _connecting.WaitAsync(cancellation);
        try
        {
            if (_client is not { IsConnected: true })
            {
                Drop();
                _client = await ConnectAsync(timeout, cancellation);
            }

            var port = new ForwardedPortLocal("127.0.0.1", target.Address, (uint)target.Port);
            _client.AddForwardedPort(port);
            port.Start();
            return (int)port.BoundPort;
        }
        finally
        {
            _connecting.Release();
        }
    }

    private async Task<SshClient> ConnectAsync(TimeSpan timeout, CancellationToken cancellation)
    {
        var (address, port) = jump is null ? (endpoint.Address, endpoint.Port) : ("127.0.0.1", await jump.ForwardAsync(endpoint, timeout, cancellation));
        var info = new ConnectionInfo(address, port, endpoint.User, [.. Authentication()]) { Timeout = timeout };
        Prefer(info, verifier.KnownTypes(endpoint));
        var client = new SshClient(info) { KeepAliveInterval = TimeSpan.FromSeconds(15) };
        MaestroException? refusal = null;
        client.HostKeyReceived += (_, shown) =>
        {
            refusal = verifier.Judge(endpoint, shown.HostKeyName, shown.HostKey);
            shown.CanTrust = refusal is null;
        };
        try
        {
            await client.ConnectAsync(cancellation);
            return client;
        }
        catch (SshAuthenticationException fault)
        {
            client.Dispose();
            throw new MaestroException(ErrorCatalogue.LoginRefused, $"{endpoint.Id} ({endpoint}) refused the login of '{endpoint.User}': {fault.Message}", endpoint.Id, innerException: fault);
        }
        catch (Exception)
        {
            client.Dispose();
            if (refusal is not null) throw refusal;
            throw;
        }
    }

    // Types that are on record come first, in their order; the rest stay behind them, so that a new type is seen as new and not as a failure.
    private static void Prefer(ConnectionInfo info, IReadOnlyList<string> types)
    {
        if (types.Count == 0) return;
        var algorithms = info.HostKeyAlgorithms.ToList();
        info.HostKeyAlgorithms.Clear();
        // An RSA key is one type with several signature algorithms.
        bool IsOf(string algorithm, string type) => algorithm == type || (type == "ssh-rsa" && algorithm.StartsWith("rsa-sha2-", StringComparison.Ordinal));
        foreach (var pair in types.SelectMany(t => algorithms.Where(a => IsOf(a.Key, t))).Concat(algorithms).ToList())
        {
            if (!info.HostKeyAlgorithms.ContainsKey(pair.Key)) info.HostKeyAlgorithms.Add(pair.Key, pair.Value);
        }
    }

    private IEnumerable<AuthenticationMethod> Authentication()
    {
        var passphrase = credentials.KeyPassphrase is null ? null : Reveal(credentials.KeyPassphrase);
        PrivateKeyFile? key = null;
        try
        {
            if (endpoint.KeyPath.Length > 0 && credentials.KeyText is null) key = new PrivateKeyFile(endpoint.KeyPath, passphrase);
            else if (credentials.KeyText is not null) key = new PrivateKeyFile(new MemoryStream(Encoding.UTF8.GetBytes(credentials.KeyText)), passphrase);
            else if (credentials.KeyPath.Length > 0) key = new PrivateKeyFile(credentials.KeyPath, passphrase);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or SshException or InvalidOperationException or FormatException)
        {
            throw new MaestroException(ErrorCatalogue.LoginRefused, $"The key for {endpoint.Id} cannot be read: {fault.Message}", endpoint.Id, "Name a readable private key with -KeyPath; ssh-agent is not supported.", fault);
        }

        if (key is not null) yield return new PrivateKeyAuthenticationMethod(endpoint.User, key);
        if (credentials.Password is { } password) yield return new PasswordAuthenticationMethod(endpoint.User, password.Password);
        if (key is null && credentials.Password is null)
        {
            throw new MaestroException(ErrorCatalogue.LoginRefused, $"There is no key and no password for {endpoint.Id}.", endpoint.Id, "Give -KeyPath or -Credential, or keyPath in the inventory. ssh-agent is not supported.");
        }
    }

    private static string Reveal(System.Security.SecureString secret)
    {
        var pointer = Marshal.SecureStringToGlobalAllocUnicode(secret);
        try
        {
            return Marshal.PtrToStringUni(pointer) ?? "";
        }
        finally
        {
            Marshal.ZeroFreeGlobalAllocUnicode(pointer);
        }
    }

    private MaestroException Explain(string said) => said.Contains("sudo:") || said.Contains("a password is required")
        ? new MaestroException(ErrorCatalogue.LoginRefused, $"{endpoint.Id} ({endpoint}) does not let '{endpoint.User}' become root without a password: {said}", endpoint.Id, "Add a NOPASSWD rule for that user, or name another user in the inventory.")
        : Unreachable(said, null);

    private MaestroException Unreachable(string why, Exception? inner) =>
        new(ErrorCatalogue.MemberUnreachable, $"{endpoint.Id} ({endpoint}) does not answer: {why}", endpoint.Id, innerException: inner);

    private void Drop()
    {
        try
        {
            _client?.Dispose();
        }
        catch (Exception)
        {
            // It is gone already.
        }

        _client = null;
    }
}

using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Maestro.Engine.Model.Errors;
using Renci.SshNet;
using Renci.SshNet.Common;

namespace Maestro.Engine.Fabrics.Linux.Ssh;

/// <summary>One connection to a host and the shells on it.</summary>
internal sealed class SshConnection
{
    private static readonly object PoolGate = new();

    private readonly HostEndpoint _endpoint;
    private readonly SshClient _client;
    private readonly Action _closeWay;
    private readonly SshTransportOptions _options;
    private readonly ConcurrentStack<RemoteShell> _idle = new();
    private readonly object _gate = new();
    private int _users;
    private bool _retired;

    private SshConnection(HostEndpoint endpoint, SshClient client, Action closeWay, SshTransportOptions options)
    {
        _endpoint = endpoint;
        _client = client;
        _closeWay = closeWay;
        _options = options;
    }

    public bool IsUsable
    {
        get
        {
            lock (_gate) return !_retired && _client.IsConnected;
        }
    }

    private string ShellCommand => _endpoint.BecomeRoot ? "exec sudo -n " + _options.Shell : "exec " + _options.Shell;

    public string Describe() =>
        $"{_client.ConnectionInfo.ServerVersion}, {_client.ConnectionInfo.CurrentKeyExchangeAlgorithm}, {_client.ConnectionInfo.CurrentHostKeyAlgorithm}, {_client.ConnectionInfo.CurrentServerEncryption}";

    /// <summary>Connects, through <paramref name="jump"/> when there is one.</summary>
    /// <exception cref="MaestroException">See <see cref="SshLogin.Open"/>.</exception>
    public static async Task<SshConnection> OpenAsync(HostEndpoint endpoint, SshLogin login, SshConnection? jump, SshTransportOptions options)
    {
        var way = jump?.Forward(endpoint);
        try
        {
            var client = await BlockingThread.RunAsync("connection", () =>
                login.Open(endpoint, way?.Address ?? endpoint.Address, way?.Port ?? endpoint.Port));
            return new SshConnection(endpoint, client, way?.Close ?? (() => { }), options);
        }
        catch (Exception)
        {
            way?.Close();
            throw;
        }
    }

    /// <summary>An idle shell, or one more.</summary>
    /// <exception cref="MaestroException"><c>Maestro.LoginRefused</c> when the host gives no shell, <c>MemberUnreachable</c> when the connection broke.</exception>
    /// <exception cref="ChannelRefusedException">The host allows no further channel.</exception>
    public async Task<RemoteShell> TakeAsync(CancellationToken end)
    {
        while (_idle.TryPop(out var idle))
        {
            if (!idle.IsBroken) return idle;
            Close(idle);
        }

        var (shell, opening) = RemoteShell.Open(_client, ShellCommand, _options.NewMark);
        using var patience = _options.Time.CreateCancellationTokenSource(_options.ConnectPatience);
        try
        {
            return await opening.UntilAsync(end, patience.Token);
        }
        catch (OperationCanceledException)
        {
            Close(shell);
            end.ThrowIfCancellationRequested();
            throw new MaestroException(ErrorCatalogue.LoginRefused, $"{_endpoint.Id} ({_endpoint}) let '{_endpoint.User}' in, but its shell said nothing for {_options.ConnectPatience.TotalSeconds.ToString(CultureInfo.InvariantCulture)} s. Nothing was run.", _endpoint.Id, "Look for a start file of that user's login shell that waits for input.");
        }
        catch (ShellRefusedException fault)
        {
            Close(shell);
            throw Refused(fault);
        }
        catch (ChannelRefusedException)
        {
            Close(shell);
            throw;
        }
        catch (Exception fault)
        {
            Close(shell);
            throw SshLogin.Unreachable(_endpoint, fault.Message, fault);
        }
    }

    /// <summary>Runs a script that goes on saying lines; completes when it has ended.</summary>
    public Task<bool> SayAsync(ShellScript script, Action<string> line) => BlockingThread.RunAsync("feed", () =>
    {
        try
        {
            using var command = _client.CreateCommand(ShellCommand);
            _ = command.ExecuteAsync().ContinueWith(t => t.Exception, TaskContinuationOptions.OnlyOnFaulted);
            using var input = command.CreateInputStream();
            var bytes = Encoding.UTF8.GetBytes(script.Alone());
            input.Write(bytes, 0, bytes.Length);
            input.Flush();
            using var lines = new StreamReader(command.OutputStream, Encoding.UTF8);
            while (lines.ReadLine() is { } said) line(said);
        }
        catch (Exception fault) when (fault is SshException or IOException or ObjectDisposedException or InvalidOperationException)
        {
            // The connection went; so does the feed.
        }

        return true;
    });

    /// <summary>Takes a shell back when its script has ended.</summary>
    public void Return(RemoteShell shell)
    {
        if (shell.IsBroken || !IsUsable) Close(shell);
        else _idle.Push(shell);
    }

    /// <summary>Counts those who work on it, so that a connection that is given up ends when the last has left.</summary>
    public bool TryEnter()
    {
        lock (_gate)
        {
            if (_retired) return false;
            _users++;
            return true;
        }
    }

    public void Leave()
    {
        lock (_gate)
        {
            _users--;
            if (!_retired || _users > 0) return;
        }

        _ = CloseAsync();
    }

    /// <summary>Nobody new comes to it; it is closed behind those who still work.</summary>
    public Task RetireAsync()
    {
        lock (_gate)
        {
            if (_retired) return Task.CompletedTask;
            _retired = true;
            if (_users > 0) return Task.CompletedTask;
        }

        return CloseAsync();
    }

    /// <summary>A way through this host to another: a forwarded channel behind a loopback port of its own.</summary>
    private (string Address, int Port, Action Close) Forward(HostEndpoint target)
    {
        if (!TryEnter()) throw SshLogin.Unreachable(target, $"the connection to the jump host {_endpoint.Id} is gone");
        var port = new ForwardedPortLocal("127.0.0.1", target.Address, (uint)target.Port);
        ReservePoolThread(1);
        try
        {
            _client.AddForwardedPort(port);
            port.Start();
        }
        catch (Exception fault) when (fault is SshException or System.Net.Sockets.SocketException or InvalidOperationException)
        {
            ReservePoolThread(-1);
            Leave();
            throw SshLogin.Unreachable(target, $"no way through the jump host {_endpoint.Id}: {fault.Message}", fault);
        }

        return (port.BoundHost, (int)port.BoundPort, () =>
        {
            _ = BlockingThread.CloseAsync("forwarding", () =>
            {
                port.Dispose();
                ReservePoolThread(-1);
            });
            Leave();
        });
    }

    // The library blocks one thread of the pool for as long as a forwarded connection lives. The pool would replace it, but one or two a second: 64 hosts
    // behind a jump host would wait for each other until they time out.
    private static void ReservePoolThread(int count)
    {
        lock (PoolGate)
        {
            ThreadPool.GetMinThreads(out var workers, out var completion);
            ThreadPool.SetMinThreads(workers + count, completion + count);
        }
    }

    private MaestroException Refused(ShellRefusedException fault) => _endpoint.BecomeRoot
        ? new MaestroException(ErrorCatalogue.LoginRefused, $"{_endpoint.Id} ({_endpoint}) does not let '{_endpoint.User}' become root without a password: {fault.Message}. Nothing was run.", _endpoint.Id, $"Add a rule such as '{_endpoint.User} ALL=(root) NOPASSWD: /bin/sh' to its sudoers, or name another user in the inventory.", fault)
        : new MaestroException(ErrorCatalogue.LoginRefused, $"{_endpoint.Id} ({_endpoint}) gives '{_endpoint.User}' no shell: {fault.Message}. Nothing was run.", _endpoint.Id, "Give that user a login shell, or name another user in the inventory.", fault);

    private static void Close(RemoteShell shell) => _ = BlockingThread.CloseAsync("farewell", shell.Dispose);

    private Task CloseAsync() => BlockingThread.CloseAsync("farewell", () =>
    {
        // The whole connection goes: a farewell to each of its channels would cost a round trip each.
        try
        {
            _client.Dispose();
        }
        finally
        {
            while (_idle.TryPop(out var shell)) shell.Dispose();
            _closeWay();
        }
    });
}

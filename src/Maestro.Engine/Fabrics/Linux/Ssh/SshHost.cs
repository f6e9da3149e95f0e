using System.Globalization;
using Maestro.Engine.Model.Errors;

namespace Maestro.Engine.Fabrics.Linux.Ssh;

/// <summary>One host: its queue, its connection, opened when first needed, shared, and opened anew when lost.</summary>
internal sealed class SshHost(HostEndpoint endpoint, SshLogin login, SshHost? jump, SshTransportOptions options)
{
    // A connection that died while idle is noticed when it is used; after two of them it is the host, not bad luck.
    private const int MostAttempts = 3;

    private readonly SemaphoreSlim _places = new(options.ShellsAtOnce);
    private readonly object _gate = new();
    private Task<SshConnection>? _connection;
    private int _shells;
    private bool _closed;
    private long? _silentSince;

    public async Task<ScriptAnswer> RunAsync(ShellScript script, TimeSpan timeout, CancellationToken cancellation)
    {
        var startedAt = options.Time.GetUtcNow();
        var isFull = script.Intent == ScriptIntent.Write || timeout <= options.SilentPatience || !WasSilentLately();
        if (!isFull) timeout = options.SilentPatience;
        using var limit = options.Time.CreateCancellationTokenSource(timeout);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        var answer = new ScriptAnswer(ScriptOutcome.NotSent, -1, "");
        try
        {
            for (var attempt = 0; attempt < MostAttempts && !end.IsCancellationRequested; attempt++)
            {
                answer = await ExchangeAsync(script, end.Token);
                // What looks only may be looked at again; what changes something must not be sent twice.
                if (answer.Outcome == ScriptOutcome.Answered || (answer.Outcome == ScriptOutcome.Unknown && script.Intent == ScriptIntent.Write)) break;
            }

            if (answer.Outcome != ScriptOutcome.Answered) answer = answer with { Fault = Silence(answer, timeout, limit.Token, cancellation) };
        }
        catch (OperationCanceledException)
        {
            answer = answer with { Fault = Silence(answer, timeout, limit.Token, cancellation) };
        }
        catch (MaestroException fault)
        {
            answer = answer with { Fault = fault };
        }

        if (answer.Outcome == ScriptOutcome.Answered) SetSilent(null);
        else if (isFull && limit.IsCancellationRequested) SetSilent(options.Time.GetTimestamp());
        if (answer.Fault is { } why) answer = answer with { Output = why.Message };
        return answer with { StartedAt = startedAt, EndedAt = options.Time.GetUtcNow() };
    }

    /// <summary>One more connection, which the caller closes.</summary>
    /// <exception cref="MaestroException">See <see cref="SshLogin.Open"/>.</exception>
    public async Task<SshConnection> OpenAsync() => await SshConnection.OpenAsync(endpoint, login, jump is null ? null : await jump.ConnectionAsync(CancellationToken.None), options);

    /// <summary>Closes the connection; scripts that still run there are cut off.</summary>
    public async Task CloseAsync()
    {
        Task<SshConnection>? connection;
        lock (_gate)
        {
            _closed = true;
            connection = _connection;
        }

        try
        {
            if (connection is not null) await (await connection).RetireAsync();
        }
        catch (MaestroException)
        {
            // It never came up.
        }
    }

    /// <summary>True soon after a full wait was in vain. A run looks at a dead host several times; it need not wait as long each time.</summary>
    private bool WasSilentLately()
    {
        lock (_gate) return _silentSince is { } since && options.Time.GetElapsedTime(since) < options.SilenceMemory;
    }

    private void SetSilent(long? since)
    {
        lock (_gate) _silentSince = since;
    }

    private async Task<ScriptAnswer> ExchangeAsync(ShellScript script, CancellationToken end)
    {
        var keepsPlace = false;
        await _places.WaitAsync(end);
        try
        {
            var connection = await ConnectionAsync(end);
            if (!connection.TryEnter()) return new ScriptAnswer(ScriptOutcome.NotSent, -1, "the connection ended");
            try
            {
                Interlocked.Increment(ref _shells);
                var shell = await connection.TakeAsync(end);
                var answer = await shell.RunAsync(script, end);
                connection.Return(shell);
                // A host that was sent something and stays silent may be dead at the other end of a connection that looks alive.
                if (answer.Outcome == ScriptOutcome.Unknown) _ = connection.RetireAsync();
                return answer;
            }
            catch (ChannelRefusedException fault)
            {
                // The host allows fewer than we do: this place is gone for good, the others take turns.
                keepsPlace = Volatile.Read(ref _shells) > 1;
                if (!keepsPlace) throw SshLogin.Unreachable(endpoint, $"it opens no channel: {fault.Message}", fault);
            }
            finally
            {
                Interlocked.Decrement(ref _shells);
                connection.Leave();
            }
        }
        finally
        {
            if (!keepsPlace) _places.Release();
        }

        return await ExchangeAsync(script, end);
    }

    /// <summary>The connection that is there or on its way. Who gives up waiting leaves it to the others: it comes up all the same.</summary>
    private async Task<SshConnection> ConnectionAsync(CancellationToken end)
    {
        while (true)
        {
            Task<SshConnection> current;
            lock (_gate)
            {
                if (_closed) throw SshLogin.Unreachable(endpoint, "the session is closed");
                current = _connection ??= ConnectAsync();
            }

            SshConnection? connection = null;
            try
            {
                connection = await current.UntilAsync(end);
                if (connection.IsUsable) return connection;
                _ = connection.RetireAsync();
            }
            finally
            {
                if (connection is not { IsUsable: true } && current.IsCompleted)
                {
                    lock (_gate)
                    {
                        if (_connection == current) _connection = null;
                    }
                }
            }
        }
    }

    private async Task<SshConnection> ConnectAsync()
    {
        var connection = await OpenAsync();
        var described = connection.Describe();
        options.Trace?.Invoke(new WireTrace(options.Time.GetUtcNow(), endpoint.Id, WireEvent.Connected, login.Redaction, () => described));
        return connection;
    }

    private MaestroException Silence(ScriptAnswer answer, TimeSpan timeout, CancellationToken limit, CancellationToken cancellation)
    {
        var known = answer.Outcome == ScriptOutcome.Unknown ? "What was sent may have run." : "Nothing was sent.";
        if (cancellation.IsCancellationRequested) return new MaestroException(ErrorCatalogue.OperationStopped, $"{endpoint.Id} ({endpoint}) was not waited for any longer. {known}", endpoint.Id);
        if (limit.IsCancellationRequested) return SshLogin.Unreachable(endpoint, $"nothing came back within {timeout.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture)} s. {known}");
        return SshLogin.Unreachable(endpoint, $"{(answer.Output.Length > 0 ? answer.Output : "the connection ended")}. {known}");
    }
}

namespace Maestro.Engine.Fabrics.Linux.Ssh;

/// <summary>Counts and keeps what goes over the wire; "sends nothing" is proven by it.</summary>
internal sealed class RecordingTransport(IGatewayTransport inner) : IGatewayTransport
{
    private readonly object _gate = new();
    private readonly List<(string Host, string Script, ScriptIntent Intent)> _sent = [];

    public IReadOnlyList<(string Host, string Script, ScriptIntent Intent)> Sent
    {
        get
        {
            lock (_gate) return [.. _sent];
        }
    }

    public int Writes => Sent.Count(s => s.Intent == ScriptIntent.Write);

    public Task<ScriptAnswer> RunAsync(HostEndpoint host, ShellScript script, TimeSpan timeout, CancellationToken cancellation)
    {
        lock (_gate) _sent.Add((host.Id, script.Name, script.Intent));
        return inner.RunAsync(host, script, timeout, cancellation);
    }

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}

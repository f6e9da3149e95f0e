using Maestro.Engine.Fabrics.Linux.Ssh;

namespace Maestro.Victim;

/// <summary>Before the first script of one name is sent, says so and waits for a line, and so do all others of that name: there the process is stopped and let go on.</summary>
internal sealed class PausingTransport(IGatewayTransport inner, string script) : IGatewayTransport
{
    private readonly Lazy<Task> _goOn = new(() =>
    {
        Console.WriteLine("sending " + script);
        return Console.In.ReadLineAsync(CancellationToken.None).AsTask();
    });

    public async Task<ScriptAnswer> RunAsync(HostEndpoint host, ShellScript sent, TimeSpan timeout, CancellationToken cancellation)
    {
        if (sent.Name == script) await _goOn.Value;
        return await inner.RunAsync(host, sent, timeout, cancellation);
    }

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}

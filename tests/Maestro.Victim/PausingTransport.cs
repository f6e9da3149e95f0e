using Maestro.Engine.Fabrics.Linux.Ssh;

namespace Maestro.Victim;

/// <summary>Before the first script of one name is sent, says so and waits for a line: there the process is stopped and let go on.</summary>
internal sealed class PausingTransport(IGatewayTransport inner, string script) : IGatewayTransport
{
    private int _asked;

    public async Task<ScriptAnswer> RunAsync(HostEndpoint host, ShellScript sent, TimeSpan timeout, CancellationToken cancellation)
    {
        if (sent.Name == script && Interlocked.Exchange(ref _asked, 1) == 0)
        {
            Console.WriteLine("sending " + script);
            await Console.In.ReadLineAsync(CancellationToken.None);
        }

        return await inner.RunAsync(host, sent, timeout, cancellation);
    }

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}

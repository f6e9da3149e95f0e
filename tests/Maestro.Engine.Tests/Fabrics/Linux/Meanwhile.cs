using Maestro.Engine.Fabrics.Linux.Ssh;

namespace Maestro.Engine.Tests.Fabrics.Linux;

/// <summary>Runs a script of somebody else's on one host right before the first of ours of a name.</summary>
internal sealed class Meanwhile(IGatewayTransport inner, string before, string gateway, string body) : IGatewayTransport
{
    private int _done;

    public async Task<ScriptAnswer> RunAsync(HostEndpoint host, ShellScript script, TimeSpan timeout, CancellationToken cancellation)
    {
        if (script.Name == before && host.Id == gateway && Interlocked.Exchange(ref _done, 1) == 0)
        {
            var answer = await inner.RunAsync(host, new ShellScript("meanwhile", ScriptIntent.Write, body), timeout, cancellation);
            Assert.Equal(0, answer.ExitCode);
        }

        return await inner.RunAsync(host, script, timeout, cancellation);
    }

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}

using Maestro.Engine.Fabrics.Linux.Ssh;

namespace Maestro.Engine.Tests.Fabrics.Linux;

/// <summary>Sends scripts of a name several times, one right after the other, as whoever has lost the answers does.</summary>
internal sealed class Repeated(IGatewayTransport inner, string name, int times) : IGatewayTransport
{
    public async Task<ScriptAnswer> RunAsync(HostEndpoint host, ShellScript script, TimeSpan timeout, CancellationToken cancellation)
    {
        for (var time = 1; script.Name == name && time < times; time++) await inner.RunAsync(host, script, timeout, cancellation);
        return await inner.RunAsync(host, script, timeout, cancellation);
    }

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}

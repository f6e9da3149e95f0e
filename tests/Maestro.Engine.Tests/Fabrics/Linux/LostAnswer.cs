using Maestro.Engine.Fabrics.Linux.Inventory;
using Maestro.Engine.Fabrics.Linux.Ssh;

namespace Maestro.Engine.Tests.Fabrics.Linux;

/// <summary>A script of that name runs on the gateway, and its first answer does not come back.</summary>
internal sealed class LostAnswer(IGatewayTransport inner, string name, string gateway) : IGatewayTransport
{
    private int _done;

    public async Task<ScriptAnswer> RunAsync(HostEndpoint host, ShellScript script, TimeSpan timeout, CancellationToken cancellation)
    {
        var answer = await inner.RunAsync(host, script, timeout, cancellation);
        return script.Name == name && host.Id == gateway && Interlocked.Exchange(ref _done, 1) == 0 ? answer with { Outcome = ScriptOutcome.Unknown } : answer;
    }

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}

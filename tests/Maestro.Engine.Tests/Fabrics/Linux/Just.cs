using Maestro.Engine.Fabrics.Linux.Ssh;

namespace Maestro.Engine.Tests.Fabrics.Linux;

/// <summary>Lets something happen right before the first script of a name goes to one host.</summary>
/// <param name="before">The script's name.</param>
/// <param name="gateway">The host.</param>
/// <param name="what">What happens.</param>
/// <param name="armed">False where earlier scripts of that name do not count, until <see cref="Arm"/>.</param>
internal sealed class Just(string before, string gateway, Func<Task> what, bool armed = true)
{
    private int _armed = armed ? 1 : 0;

    /// <summary>Whether it has happened.</summary>
    public bool IsHit { get; private set; }

    public void Arm() => Volatile.Write(ref _armed, 1);

    public IGatewayTransport Around(IGatewayTransport inner) => new Transport(this, inner);

    private async Task PassAsync(HostEndpoint host, ShellScript script)
    {
        if (script.Name != before || host.Id != gateway || Interlocked.Exchange(ref _armed, 0) == 0) return;
        await what();
        IsHit = true;
    }

    private sealed class Transport(Just just, IGatewayTransport inner) : IGatewayTransport
    {
        public async Task<ScriptAnswer> RunAsync(HostEndpoint host, ShellScript script, TimeSpan timeout, CancellationToken cancellation)
        {
            await just.PassAsync(host, script);
            return await inner.RunAsync(host, script, timeout, cancellation);
        }

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}

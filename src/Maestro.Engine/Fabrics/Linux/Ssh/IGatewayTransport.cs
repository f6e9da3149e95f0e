namespace Maestro.Engine.Fabrics.Linux.Ssh;

/// <summary>Runs scripts on hosts. Never throws for what happens on the wire, a cancellation included: the outcome says what is known.</summary>
internal interface IGatewayTransport : IAsyncDisposable
{
    /// <summary>Runs a script in one round trip. At the time-out or the token it answers at once and cleans up behind.</summary>
    Task<ScriptAnswer> RunAsync(HostEndpoint host, ShellScript script, TimeSpan timeout, CancellationToken cancellation);
}

namespace Maestro.Engine.Fabrics.Linux.Ssh;

/// <summary>Scripts that say lines for as long as somebody listens.</summary>
internal interface IGatewayFeed
{
    /// <summary>Runs a script on a connection of its own, and anew when that ends or falls silent, until what this answers is disposed of.</summary>
    /// <param name="host">Where.</param>
    /// <param name="script">What; it is the connection's shell itself, without an answer of its own.</param>
    /// <param name="silence">A connection that says nothing for so long is given up.</param>
    /// <param name="line">Told of each line, from threads of its own; must not block.</param>
    IDisposable Listen(HostEndpoint host, ShellScript script, TimeSpan silence, Action<string> line);
}

using System.Net;

namespace Maestro.Testbeds;

/// <summary>The datagrams between a port of a client and one of a server, both ways.</summary>
/// <param name="Client">Of <see cref="Testbed.Client"/>.</param>
/// <param name="ClientPort">Its port.</param>
/// <param name="Server">Of <see cref="Testbed.Server"/>, in the same family.</param>
/// <param name="ServerPort">Its port.</param>
public sealed record TestbedFlow(IPAddress Client, int ClientPort, IPAddress Server, int ServerPort)
{
    /// <summary>Where the client sends to, where that is translated on the way; null for the server itself.</summary>
    public IPEndPoint? Towards { get; init; }

    /// <summary>Whether the server sees another end than the client's. Then it tells the flow by its own end, which no other flow may have.</summary>
    public bool IsHidden { get; init; }
}

/// <summary>What became of a flow's datagrams.</summary>
/// <param name="Flow">The flow.</param>
/// <param name="Sent">How many the client sent.</param>
/// <param name="Received">How many different ones reached the server.</param>
/// <param name="Answered">How many different ones came back to the client.</param>
public sealed record TestbedFlowResult(TestbedFlow Flow, int Sent, int Received, int Answered)
{
    /// <summary>Whom the server saw, in the order in which they came.</summary>
    public IReadOnlyList<IPEndPoint> SeenFrom { get; init; } = [];
}

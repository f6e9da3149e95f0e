using System.Net;

namespace Maestro.Testbeds;

/// <summary>What became of a connection that exchanged numbers.</summary>
/// <param name="Flow">Its ends.</param>
/// <param name="Sent">How many numbers the client sent.</param>
/// <param name="Received">How many came to the server, each the next one.</param>
/// <param name="Answered">How many came back to the client, each the next one.</param>
/// <param name="WorstGap">The longest time between two that came back one after another, or since the last where one is missing.</param>
/// <param name="Fault">Why it broke; empty when it lives.</param>
public sealed record TestbedConnectionResult(TestbedFlow Flow, int Sent, int Received, int Answered, TimeSpan WorstGap, string Fault)
{
    /// <summary>Whom the server saw; null while it has seen nobody.</summary>
    public IPEndPoint? SeenFrom { get; init; }

    /// <summary>Whether it lives, with every number there and back.</summary>
    public bool Lives => Fault.Length == 0 && Sent == Received && Sent == Answered;
}

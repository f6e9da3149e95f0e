namespace Maestro.Testbeds;

/// <summary>What became of packets sent through a gateway, counted at both ends.</summary>
/// <param name="Outcome">How the sender saw it.</param>
/// <param name="Sent">How many the client sent: datagrams, echo requests, or connection attempts.</param>
/// <param name="Received">How many reached the server's side of the gateway. For TCP: opening segments, a repeated one counted again.</param>
/// <param name="Answered">How many answers came back to the client.</param>
public sealed record TrafficResult(TrafficOutcome Outcome, int Sent, int Received, int Answered)
{
    /// <summary>True when everything got through, there and back.</summary>
    public bool Passed => Outcome == TrafficOutcome.Passed;

    /// <summary>True when not one packet came out of the gateway on the server's side and nobody told the client so.</summary>
    public bool Dropped => Outcome == TrafficOutcome.Lost && Received == 0;
}

namespace Maestro.Testbeds;

/// <summary>How to try whether packets pass.</summary>
public sealed record TrafficOptions
{
    /// <summary>IPv6 instead of IPv4.</summary>
    public bool IPv6 { get; init; }

    /// <summary>How many datagrams or echo requests, 1 to 1000. TCP always opens one connection.</summary>
    public int Count { get; init; } = 3;

    /// <summary>How long to wait for the answers. Only packets that are lost take so long.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(1);
}

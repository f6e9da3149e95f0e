namespace Maestro.Testbeds;

/// <summary>How the client saw it.</summary>
public enum TrafficOutcome
{
    /// <summary>Every packet was answered.</summary>
    Passed,

    /// <summary>Some answer did not come in time.</summary>
    Lost,

    /// <summary>A reset, or "port unreachable".</summary>
    Refused,

    /// <summary>Some other ICMP error.</summary>
    Unreachable,
}

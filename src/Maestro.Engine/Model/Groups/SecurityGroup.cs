namespace Maestro.Engine.Model.Groups;

public enum SecurityGroupState { Empty, Pending, Joining, Ready, Degraded, Down, Unsettled }

/// <summary>A Security Group: gateways that act as one.</summary>
public sealed record SecurityGroup
{
    public required int Id { get; init; }

    public required string Name { get; init; }

    public required SecurityGroupState State { get; init; }

    public int ActiveCount { get; init; }

    public int MemberCount { get; init; }

    /// <summary>The sites of its members, in order.</summary>
    public IReadOnlyList<int> Site { get; init; } = [];

    /// <summary>The active member with the lowest id; empty when none is active.</summary>
    public string SmoMaster { get; init; } = "";

    /// <summary>The confirmed policy version; null before the first.</summary>
    public int? PolicyVersion { get; init; }

    /// <summary>SHA-256 of the confirmed policy; empty before the first.</summary>
    public string PolicyFingerprint { get; init; } = "";

    public int? ConfigurationVersion { get; init; }

    public string ConfigurationFingerprint { get; init; } = "";

    /// <summary>Mode and layer in words; empty where nothing distributes.</summary>
    public string Distribution { get; init; } = "";

    public int PendingCount { get; init; }

    /// <summary>Ids of its uplink and management ports.</summary>
    public IReadOnlyList<string> Port { get; init; } = [];

    public string ManagementAddress { get; init; } = "";

    public string DefaultGateway { get; init; } = "";

    public string Description { get; init; } = "";

    /// <summary>How many members may be lost without overload: the 1 of N+1.</summary>
    public int Spare { get; init; } = 1;

    /// <summary>Percent of a member's capacity that the rest may reach after a loss.</summary>
    public int CapacityCeiling { get; init; } = 90;

    /// <summary>What holds the group back, in words; empty when nothing does.</summary>
    public string Hold { get; init; } = "";

    public string Session { get; init; } = "";

    public override string ToString() => Name;
}

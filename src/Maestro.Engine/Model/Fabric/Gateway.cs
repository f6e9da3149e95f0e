namespace Maestro.Engine.Model.Fabric;

public enum GatewayState { Unassigned, Assigned, Joining, Leaving, Unreachable, Unknown }

/// <summary>A security appliance or a Linux host: in the unassigned pool, or in one group.</summary>
public sealed record Gateway
{
    /// <summary>The serial number, or the inventory's id.</summary>
    public required string Id { get; init; }

    public required GatewayState State { get; init; }

    /// <summary>The group's name; empty in the pool.</summary>
    public string SecurityGroup { get; init; } = "";

    /// <summary><c>site_number</c> inside the group; empty in the pool.</summary>
    public string Member { get; init; } = "";

    public required int Site { get; init; }

    public string Model { get; init; } = "";

    public string Version { get; init; } = "";

    public int? CoreCount { get; init; }

    public IReadOnlyList<string> Downlink { get; init; } = [];

    public string Address { get; init; } = "";

    public string Description { get; init; } = "";

    /// <summary>Kernel release, where the fabric knows it.</summary>
    public string Kernel { get; init; } = "";

    /// <summary>The version of nft, on Linux.</summary>
    public string NftVersion { get; init; } = "";

    /// <summary>Why it is in this state, where that needs words: "no answer for 4m12s".</summary>
    public string Reason { get; init; } = "";

    /// <summary>The state in the device's own words.</summary>
    public string RawState { get; init; } = "";

    public string Session { get; init; } = "";

    public override string ToString() => Id;
}

namespace Maestro.Engine.Model.Fabric;

/// <summary>The REST API's port types (domain sheet section 1.3). <see cref="Unknown"/> keeps its text in the raw field.</summary>
public enum PortType { Unknown, Uplink, Downlink, Management, SiteSync, InternalSync }

/// <summary>A port of an orchestrator.</summary>
public sealed record OrchestratorPort
{
    /// <summary>Orchestrator, port and lane, for example <c>1/13/1</c>.</summary>
    public required string Id { get; init; }

    /// <summary>The interface name, for example <c>eth1-05</c>; uplink and management ports have one.</summary>
    public string Name { get; init; } = "";

    public required string Orchestrator { get; init; }

    public required int Site { get; init; }

    public required PortType Type { get; init; }

    /// <summary><c>inside</c> or <c>outside</c> where the fabric says so.</summary>
    public string Side { get; init; } = "";

    public bool Enabled { get; init; } = true;

    public bool LinkUp { get; init; }

    /// <summary>Megabits a second; null when not known.</summary>
    public int? SpeedMegabits { get; init; }

    public string QsfpMode { get; init; } = "";

    public int? Mtu { get; init; }

    public bool? AutoNegotiation { get; init; }

    public string Transceiver { get; init; } = "";

    /// <summary>Names of the groups that own the port.</summary>
    public IReadOnlyList<string> SecurityGroup { get; init; } = [];

    public string Session { get; init; } = "";

    public override string ToString() => Name.Length > 0 ? Name : Id;
}

using Maestro.Engine.Model.Errors;

namespace Maestro.Engine.Fabrics;

/// <summary>
/// Something that gateways live in. It offers small facets; a facet that is null is a capability that is missing, and
/// <see cref="MissingFacet"/> says so with the way out. Every observation is made by asking, never from memory.
/// </summary>
public interface IFabric : IAsyncDisposable
{
    FabricTraits Traits { get; }

    ITopology Topology { get; }

    /// <summary>The lease that is kept with the group itself; null where the fabric cannot fence.</summary>
    IGroupClaims? Claims { get; }

    IMemberActions? Members { get; }

    IPolicyCarrier? Policies { get; }

    Probes.IProbes? Probes { get; }

    IConfigurationCarrier? Configurations { get; }

    /// <summary>The distribution of traffic over members; null where nothing of ours steers it.</summary>
    ITraffic? Traffic { get; }

    /// <summary>What members carry; null where nothing is measured.</summary>
    IMeasurements? Measurements { get; }

    /// <summary>Copies of connections on other members; null where nobody keeps any.</summary>
    IStateReplication? Replication { get; }

    /// <summary>Probes of members; null where the fabric judges by itself which of them are lost.</summary>
    IMemberSight? Sight { get; }

    /// <summary>The error for a facet that is not there: names the fabric and the way out.</summary>
    MaestroException MissingFacet(FabricFacet facet);
}

public enum FabricFacet { Topology, Claims, MemberActions, PolicyCarrier, ConfigurationCarrier, Traffic, StateReplication, Measurements, Ports, Probes, MemberSight }

/// <summary>What is always true of a fabric.</summary>
public sealed record FabricTraits
{
    /// <summary><c>Lab</c>, <c>Linux</c> or <c>CheckPoint</c>.</summary>
    public required string Name { get; init; }

    public required string Endpoint { get; init; }

    public string User { get; init; } = "";

    /// <summary>Names of what it can do, for the session object.</summary>
    public IReadOnlyList<string> Capability { get; init; } = [];

    /// <summary>The default of -Timeout: Linux 5 minutes, Check Point and lab 45.</summary>
    public required TimeSpan DefaultTimeout { get; init; }

    /// <summary>True where a joiner fetches the group's policy by itself (Check Point, the lab); false where we carry it there (Linux).</summary>
    public required bool JoinersPullPolicy { get; init; }

    /// <summary>True where a member forwards a packet of somebody else's flow to its owner, so that the two directions of a flow may have two slots (Check Point's correction layer).</summary>
    public bool CorrectsStrays { get; init; }

    /// <summary>True where a member can be drained by waiting until its flows have ended; false where nobody knows to which member each flow belongs.</summary>
    public bool WaitsForFlows { get; init; } = true;

    /// <summary>How long a move of slots may take where their connections are copied by us; zero where the orchestrators see to that.</summary>
    public TimeSpan LongestMove { get; init; }

    /// <summary>True where a group needs a gateway from its first moment (Check Point's REST API).</summary>
    public bool GroupNeedsGateway { get; init; }
}

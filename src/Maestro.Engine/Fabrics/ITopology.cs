using Maestro.Engine.Clustering.Distribution.Nat;
using Maestro.Engine.Model.Fabric;
using Maestro.Engine.Model.Groups;

namespace Maestro.Engine.Fabrics;

/// <summary>Gateways, ports, sites and groups: what is deployed, what is pending, and how one becomes the other.</summary>
public interface ITopology
{
    /// <summary>Asks the fabric. A gateway that does not answer is in the view with its state saying so.</summary>
    Task<TopologyView> ObserveAsync(TopologyScope scope, CancellationToken cancellation);

    /// <summary>What is pending against what is deployed, per property.</summary>
    Task<IReadOnlyList<PendingChange>> ObservePendingAsync(CancellationToken cancellation);

    /// <summary>Adds edits to the pending topology. Staging what is staged or deployed already answers <see cref="EffectKind.Already"/>.</summary>
    Task<Effect> StageAsync(FabricCall call, IReadOnlyList<TopologyEdit> edits);

    /// <summary>Makes the pending topology the deployed one: all of it, the fabric knows no part. Answers when it was accepted, not when gateways have joined.</summary>
    Task<Effect> ApplyAsync(FabricCall call);

    /// <summary>Throws the pending topology away: all of it, or only the edits of <paramref name="operationId"/> where the fabric can tell them apart.</summary>
    Task<Effect> DiscardAsync(FabricCall call, string? operationId);

    /// <summary>Edits a port; live at once, never pending. Null leaves a setting alone.</summary>
    Task<Effect> SetPortAsync(FabricCall call, PortSettings settings);
}

public sealed record TopologyScope
{
    /// <summary>True for the pending view.</summary>
    public bool Pending { get; init; }

    public static readonly TopologyScope Deployed = new();

    public static readonly TopologyScope PendingView = new() { Pending = true };

    /// <summary>Ids of gateways that are taken to be silent without being asked: who is known to be dead is not waited for.</summary>
    public IReadOnlyList<string> Unasked { get; init; } = [];

    /// <summary>How long the others are waited for; null for as long as the fabric waits. What was last known of one that is silent so long stands for it.</summary>
    public TimeSpan? Patience { get; init; }

    private static readonly TimeSpan Hurry = TimeSpan.FromSeconds(1.5);

    /// <summary>The last attempt that is waited longer for than the one before it.</summary>
    private const int LastLonger = 4;

    /// <summary>
    /// How long anybody is waited for by who is in a hurry because of members that are lost: 1.5 s, and twice as long with each attempt, up to 12 s. Hosts that are
    /// only slow, all of them, would else be taken for silent as often as they are asked.
    /// </summary>
    internal static TimeSpan HurryOf(int attempt) => TimeSpan.FromTicks(Hurry.Ticks << (Math.Min(attempt, LastLonger) - 1));

    /// <summary>A look that waits no longer than who is in a hurry.</summary>
    internal static TopologyScope Hurried(IEnumerable<string> unasked, int attempt = 1) => new() { Unasked = [.. unasked], Patience = HurryOf(attempt) };
}

/// <summary>What was seen, when. Lists are ordered: by id, groups by name, members by group and member.</summary>
public sealed record TopologyView
{
    public required DateTimeOffset ObservedAt { get; init; }

    public required IReadOnlyList<Orchestrator> Orchestrators { get; init; }

    public required IReadOnlyList<OrchestratorPort> Ports { get; init; }

    public required IReadOnlyList<Gateway> Gateways { get; init; }

    public required IReadOnlyList<SecurityGroup> Groups { get; init; }

    public required IReadOnlyList<GroupMember> Members { get; init; }

    /// <summary>The gateways' devices towards the orchestrators; empty where the fabric does not know them.</summary>
    internal IReadOnlyList<MemberDownlink> Downlinks { get; init; } = [];
}

/// <summary>One edit of the topology, flat so that a plan can carry it.</summary>
/// <param name="Kind">What is edited.</param>
/// <param name="SecurityGroup">The group's name.</param>
/// <param name="Gateway">The gateway, where the edit is about one.</param>
/// <param name="Member">The member id to give, or that has it.</param>
/// <param name="Property">For the Set kinds, and for what a new group starts with.</param>
/// <param name="Value">The new value; lists are comma-separated.</param>
public sealed record TopologyEdit(TopologyEditKind Kind, string SecurityGroup, string Gateway = "", string Member = "", string Property = "", string Value = "");

public enum TopologyEditKind
{
    CreateGroup,
    DeleteGroup,

    /// <summary>Property Description, Port, ManagementAddress, DefaultGateway, SiteDescription, Spare or CapacityCeiling.</summary>
    SetGroup,
    AssignGateway,

    /// <summary>Property <c>KeepPolicy</c> with value <c>true</c> leaves the policy in place (Linux); <c>LeftBehind</c> with <c>true</c> gives up a gateway that does not answer, with all that lies on it.</summary>
    UnassignGateway,

    /// <summary>Property Description.</summary>
    SetGateway,

    /// <summary>Property Weight or Description.</summary>
    SetMember,
}

/// <summary>New settings of a port; null leaves one alone.</summary>
public sealed record PortSettings
{
    public required string PortId { get; init; }

    public PortType? Type { get; init; }

    public bool? Enabled { get; init; }

    public int? Mtu { get; init; }

    public string? QsfpMode { get; init; }

    public bool? AutoNegotiation { get; init; }
}

using Maestro.Engine.Clustering.Distribution;

namespace Maestro.Engine.Fabrics;

/// <summary>Steers the traffic of groups: a table from slots to members on the orchestrators, replaced as a whole and guarded by its version.</summary>
public interface ITraffic
{
    /// <summary>The group's table as the orchestrators go by it. A group that never had one has one of no members.</summary>
    /// <exception cref="Model.Errors.MaestroException"><c>GroupNotFound</c>.</exception>
    Task<GroupTraffic> ObserveAsync(string securityGroup, CancellationToken cancellation);

    /// <summary>
    /// Makes it the table of every orchestrator, wholly or not at all, if the one there still has version <paramref name="expectedVersion"/>: else it is
    /// refused as moved, which is transient, for who observes again may decide again. A table that is there already answers <see cref="EffectKind.Already"/>.
    /// </summary>
    Task<Effect> ApplyAsync(FabricCall call, string securityGroup, DistributionTable table, long expectedVersion);

    /// <summary>
    /// Brings the table to the members that carry now: a joiner gets its share, who is out has none, orchestrators that are out of step take it. The slots of
    /// <paramref name="lost"/> (ids of members that the caller judged to be lost) go to their backups, and no other member's silence moves anything. Who is
    /// of <paramref name="notYet"/> gets nothing that it does not have. Where the orchestrators follow their members by themselves they are only waited for.
    /// </summary>
    Task<Effect> FollowAsync(FabricCall call, string securityGroup, IReadOnlyCollection<string> lost, IReadOnlyCollection<string> notYet);

    /// <summary>
    /// Has an orchestrator give the addresses that neighbours send to to the other one. Done as soon as it has none; whether another one took them is to be
    /// observed: where none does, it has them again a moment later.
    /// </summary>
    Task<Effect> YieldAsync(FabricCall call, string securityGroup, string orchestrator);
}

/// <summary>What was seen of a group's distribution, when.</summary>
public sealed record GroupTraffic
{
    public required string SecurityGroup { get; init; }

    public required DistributionTable Table { get; init; }

    public required DateTimeOffset ObservedAt { get; init; }

    /// <summary>A sentence for each orchestrator that does not go by that table, its id first; empty when all do.</summary>
    public IReadOnlyList<string> OutOfStep { get; init; } = [];

    /// <summary>The hosts that steer it, in order; empty where nobody can tell them apart.</summary>
    public IReadOnlyList<OrchestratorTraffic> Orchestrators { get; init; } = [];
}

/// <summary>One orchestrator of a group, as it was seen.</summary>
public sealed record OrchestratorTraffic
{
    /// <summary>Its id.</summary>
    public required string Orchestrator { get; init; }

    /// <summary>False where it was asked and nothing came back.</summary>
    public required bool Answers { get; init; }

    /// <summary>Why it does not go by the group's table, or may not have the addresses; empty when it does.</summary>
    public string Fault { get; init; } = "";

    /// <summary>What it lacks to share its addresses with another one; empty for nothing. It steers all the same.</summary>
    public string Lack { get; init; } = "";

    /// <summary>Whether it has the addresses that neighbours send to; null where it shares none, or does not answer.</summary>
    public bool? HasAddresses { get; init; }
}

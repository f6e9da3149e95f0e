using Maestro.Engine.Fabrics;
using Maestro.Engine.Operations.Leases;
using Maestro.Engine.Operations.Plans;
using Maestro.Engine.Store;

namespace Maestro.Engine.Operations.Running;

/// <summary>What a handler may use for one look or one act.</summary>
internal sealed record StepContext
{
    public required string OperationId { get; init; }

    public required PlanStep Step { get; init; }

    public required IFabric Fabric { get; init; }

    public required IStore Store { get; init; }

    public required LeaseToken Token { get; init; }

    public required TimeProvider Time { get; init; }

    /// <summary>One observation of the topology, shared by all steps that look at the same moment.</summary>
    public required SharedObservation Topology { get; init; }

    public required FabricCall Call { get; init; }

    /// <summary>Contents that came with the request, by fingerprint; a run that was taken over has none and reads the store.</summary>
    public required IReadOnlyDictionary<string, string> Contents { get; init; }

    /// <summary>The human's words for this change.</summary>
    public required string Message { get; init; }

    /// <summary>Who runs it, as <c>user@host</c>.</summary>
    public required string Actor { get; init; }

    /// <summary>The gateways whose own steps of a sync have not made it theirs: as a mode allows, or not yet.</summary>
    public required Func<IReadOnlyCollection<string>> LeftBehind { get; init; }

    /// <summary>Whether the run has the group's claim. It has none where the plan found no member who could grant it, and then no epoch that members know keeps another run out.</summary>
    public required bool IsClaimed { get; init; }

    public MemberRef MemberRef => new(Step.SecurityGroup, Step.Member, Step.Gateway);
}

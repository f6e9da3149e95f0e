using Maestro.Engine.Fabrics;
using Maestro.Simulation.Histories;

namespace Maestro.Simulation.Invariants.Steering;

/// <summary>What a call's step says about whom it takes for lost.</summary>
internal static class Failovers
{
    public const string Kind = "GroupFailover";

    /// <summary>Ids of members; null where the step is no failover.</summary>
    public static IReadOnlyList<string>? Of(History history, FabricCall call) =>
        history.Witness.Find(call.OperationId)?.Step(call.StepId) is { Kind: "traffic.failover" } step ? step.Arguments.Get("lost").Split(',', StringSplitOptions.RemoveEmptyEntries) : null;

    /// <summary>The same, with members that are left behind by an edit that is applied: whatever hands nothing over.</summary>
    public static IReadOnlyList<string> LostIn(History history, FabricCall call) =>
        Of(history, call) ?? [.. history.World.State.Pending.Where(p => p.Edit.Property == Engine.Clustering.Membership.TopologyEdits.LeftBehind).Select(p => p.Edit.Member)];
}

using Maestro.Engine.Fabrics.Simulation.World;
using Maestro.Engine.Model.Groups;
using Maestro.Engine.Model.Operations;
using Maestro.Simulation.Histories;

namespace Maestro.Simulation.Invariants;

/// <summary>An operation that was taken back or ended leaves none of its edits pending: the next apply, whosever it is, would take them along.</summary>
internal sealed class NothingStaysStaged(History history) : Invariant(history)
{
    // No fabric fences what is staged: what a paused controller's request stages while the answer to the last look is on its way, no look finds.
    private static readonly TimeSpan Unseen = TimeSpan.FromMilliseconds(300);

    public override string Name => "I3 nothing stays staged";

    /// <summary>Whether it was staged so short a time ago that nobody's last look can have found it.</summary>
    public static bool IsUnseen(PendingChange change, DateTimeOffset now) => now - change.StagedAt <= Unseen;

    public override void OnState(OperationFacts operation)
    {
        if (operation.State is not (OperationState.RolledBack or OperationState.Failed or OperationState.Stopped)) return;
        var left = LabPending.Differences(World).Where(p => p.Operation == operation.Id && !IsUnseen(p, History.Now)).ToList();
        Require(left.Count == 0 || History.SomethingElseHappened, $"{operation.Id} {operation.Record.Kind} is {operation.State}, and {left.Count} of its edits are still pending");
    }
}

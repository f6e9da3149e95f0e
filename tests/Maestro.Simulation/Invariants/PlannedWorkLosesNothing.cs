using Maestro.Simulation.Histories;
using Maestro.Simulation.Traffic;

namespace Maestro.Simulation.Invariants;

/// <summary>
/// Work of ours that drains a member loses none of its connections, and work that does not loses none that had a copy, unless a fault or
/// somebody else took away another member of the group in the same moment, or nobody is left, or was until that moment, who takes copies.
/// </summary>
/// <remarks>
/// A removal that was staged earlier and goes along with an apply, Publish-PendingChange's too, is not drained: it is not counted here. Whether somebody is left is the capacity guard's matter, and a group that is removed has nobody left by its operator's wish. What is
/// protected from faults comes with state replication: until then nothing here is Maestro's doing but whom it takes out, and when.
/// </remarks>
internal sealed class PlannedWorkLosesNothing(History history) : Invariant(history)
{
    // Placed anew once after the fault, and once more after the first of ours.
    private static readonly TimeSpan Moment = 2 * Connections.Replacing;

    public override string Name => "I7 planned work loses nothing";

    public override void OnLoss(TrafficLoss loss)
    {
        if (loss.By != OutBy.OurHand || !loss.AnyLeft || loss.Since <= Moment) return;
        Require(loss.Synced == 0, $"{loss.Member} of '{loss.Group}' went out by our hand, and {loss.Synced} connections that had a copy are lost");
        Require(!loss.WasDrained || loss.Young == 0, $"{loss.Member} of '{loss.Group}' was drained by our hand, and {loss.Young} connections are lost all the same");
    }
}

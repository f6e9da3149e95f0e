using Maestro.Engine.Fabrics.Simulation.World;
using Maestro.Simulation.Histories;

namespace Maestro.Simulation.Invariants;

/// <summary>Nothing of ours changes the world before the journal says durably that it is about to.</summary>
internal sealed class JournalComesFirst(History history) : Invariant(history)
{
    public override string Name => "I3 the journal comes first";

    public override void OnSent(SentCall sent)
    {
        var operation = History.Witness.Find(sent.Call.OperationId);
        Require(operation is not null, $"{sent.Place.Call} was sent for {sent.Call.OperationId}, which no journal knows");
        // One that was away does not know that another goes on with its operation; whether it can still act is the epoch's matter.
        if (operation!.Process != sent.Process) return;
        Require(operation.IsOpen(sent.Call.StepId), $"{sent.Place.Call} {sent.Place.Gateway} was sent for {operation.Id} {sent.Call.StepId} before the journal said so");
    }

    public override void OnCall(LabCall call)
    {
        if (!call.Changed || call.Name.StartsWith("claim", StringComparison.Ordinal)) return;
        Require(History.Witness.Find(call.OperationId) is not null, $"{call.Name} {call.Subject} changed the world for {call.OperationId}, which no journal knows");
    }
}

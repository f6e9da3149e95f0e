using Maestro.Engine.Fabrics.Simulation.World;
using Maestro.Engine.Model.Groups;
using Maestro.Engine.Model.Operations;
using Maestro.Engine.Operations.Journal;
using Maestro.Simulation.Histories;

namespace Maestro.Simulation.Invariants;

/// <summary>No member is left out of service by an operation that is at rest, unless that was asked for or the operation names it as not settled.</summary>
internal sealed class NobodyIsForgotten(History history) : Invariant(history)
{
    // Whose suspend it was that took the gateway out last.
    private readonly Dictionary<string, string> _outBy = new(StringComparer.Ordinal);

    public override string Name => "I3 nobody is forgotten";

    public override void OnCall(LabCall call)
    {
        if (!call.Changed) return;
        if (call.Name is "suspend" or "suspended") _outBy[call.Subject] = call.OperationId;
        if (call.Name == "resume") _outBy.Remove(call.Subject);
    }

    public override void OnState(OperationFacts operation)
    {
        History.Coverage.Ended($"{operation.Row} {operation.State}");
        if (operation.State == OperationState.Unsettled)
        {
            Require(operation.Unsettled.Count > 0, $"{operation.Id} {operation.Record.Kind} is Unsettled and names nobody");
            Require(IsStuck(operation), $"{operation.Id} {operation.Record.Kind} is Unsettled, though nothing past its decision was carried out and nothing could not be taken back: {operation.Reason}");
            return;
        }

        foreach (var (id, by) in _outBy)
        {
            if (by != operation.Id || World.FindGateway(id) is not { } gateway || !IsOut(gateway) || Wanted(operation)) continue;
            Require(false, $"{operation.Id} {operation.Record.Kind} is {operation.State}, and {gateway.Member} of '{gateway.Group}' ({id}), which it took out, is still {gateway.State}");
        }
    }

    public override void AtEnd()
    {
        foreach (var gateway in World.Gateways.Where(IsOut))
        {
            Require(_outBy.TryGetValue(gateway.Id, out var by), $"{gateway.Id} is {gateway.State} by {gateway.SuspendedBy}, and nobody knows why");
            var operation = History.Witness.Find(by!)!;
            Require(Wanted(operation) || operation.State == OperationState.Unsettled, $"{gateway.Member} of '{gateway.Group}' is still {gateway.State} after {operation.Id} {operation.Record.Kind} {operation.State}");
        }
    }

    private static bool IsOut(LabGateway gateway) => gateway.Group.Length > 0 && gateway.SuspendedBy.Length > 0 && gateway.SuspendedBy != "otto";

    /// <summary>Whether something keeps it from either side: an inverse that failed, or a step past the decision that may have acted.</summary>
    private static bool IsStuck(OperationFacts operation)
    {
        var journal = OperationHistory.Of(operation.Entries);
        return operation.Plan.Stages.Any(stage => stage.Steps.Any(step => journal[step.Id].Outcome switch
        {
            StepOutcome.UndoFailed => true,
            StepOutcome.Waiting or StepOutcome.Refused => false,
            _ => stage.AfterDecision,
        }));
    }

    private static bool Wanted(OperationFacts operation) => operation.Record.Kind switch
    {
        "SuspendGroupMember" => operation.State == OperationState.Succeeded,
        // They put members back to where they were.
        "ResumeGroupMember" or "UndoMaestroOperation" => true,
        _ => false,
    };
}

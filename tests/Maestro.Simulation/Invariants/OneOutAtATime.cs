using Maestro.Engine.Fabrics.Simulation.World;
using Maestro.Engine.Model.Operations;
using Maestro.Engine.Operations.Journal;
using Maestro.Simulation.Histories;

namespace Maestro.Simulation.Invariants;

/// <summary>A restart of several members has one of them out at any time, and restarts none that still carries traffic.</summary>
internal sealed class OneOutAtATime(History history) : Invariant(history)
{
    private readonly Dictionary<string, HashSet<string>> _out = new(StringComparer.Ordinal);

    // Restarts that were sent to members that carried traffic.
    private readonly HashSet<string> _carried = new(StringComparer.Ordinal);

    public override string Name => "I2 one out at a time";

    public override void OnSent(SentCall sent)
    {
        if (sent.Place.Call == "restart" && World.FindGateway(sent.Place.Gateway) is { Carries: true } && !History.SomethingElseHappened && !sent.WasHeldUp) _carried.Add(sent.Call.IdempotencyKey);
    }

    public override void OnCall(LabCall call)
    {
        Require(call is not { Name: "restart", Changed: true } || !_carried.Contains(call.OperationId + "/" + call.StepId), $"{call.OperationId} restarted {call.Subject}, which carried traffic");
        if (!call.Changed || call.Name != "suspend" || History.Witness.KindOf(call.OperationId) != "RestartGroupMember") return;
        if (!_out.TryGetValue(call.OperationId, out var ours)) _out[call.OperationId] = ours = new HashSet<string>(StringComparer.Ordinal);
        ours.RemoveWhere(id => World.FindGateway(id) is not { } g || g.Carries || g.Group.Length == 0);
        ours.Add(call.Subject);
        Require(ours.Count <= 1, $"{call.OperationId} has {string.Join(", ", ours.Order(StringComparer.Ordinal))} out at the same time");
    }

    public override void OnEntry(OperationFacts operation, JournalEntry entry)
    {
        // Back as it was seen: what befalls it from here is not our hand.
        if (entry.Kind == JournalEntryKind.StepEnded && entry.Outcome is nameof(StepOutcome.Done) or nameof(StepOutcome.Already)
            && _out.TryGetValue(operation.Id, out var ours) && operation.Step(entry.StepId) is { Kind: "member.resume" } step) ours.Remove(step.Gateway);
    }

    public override void OnState(OperationFacts operation) => _out.Remove(operation.Id);
}

using Maestro.Engine.Fabrics.Simulation.World;
using Maestro.Engine.Model.Groups;
using Maestro.Engine.Model.Operations;
using Maestro.Simulation.Histories;

namespace Maestro.Simulation.Invariants;

/// <summary>A restart of several members has one of them out at any time.</summary>
internal sealed class OneOutAtATime(History history) : Invariant(history)
{
    private readonly Dictionary<string, HashSet<string>> _out = new(StringComparer.Ordinal);

    public override string Name => "I2 one out at a time";

    public override void OnCall(LabCall call)
    {
        if (!call.Changed || call.Name is not ("suspend" or "restart" or "resume") || History.Witness.KindOf(call.OperationId) != "RestartGroupMember") return;
        if (!_out.TryGetValue(call.OperationId, out var ours)) _out[call.OperationId] = ours = new HashSet<string>(StringComparer.Ordinal);
        ours.RemoveWhere(id => World.FindGateway(id) is not { } g || g.Carries || g.Group.Length == 0);
        if (call.Name == "resume") return;
        // One that was out before the operation began and merely restarts takes nothing away.
        var step = History.Witness.Find(call.OperationId)!.Step(call.StepId);
        if (call.Name == "restart" && step?.Arguments.Get("states") != nameof(MemberState.Suspended)) return;
        ours.Add(call.Subject);
        Require(ours.Count <= 1, $"{call.OperationId} has {string.Join(", ", ours.Order(StringComparer.Ordinal))} out at the same time");
    }

    public override void OnState(OperationFacts operation)
    {
        if (operation.State != OperationState.Running) _out.Remove(operation.Id);
    }
}

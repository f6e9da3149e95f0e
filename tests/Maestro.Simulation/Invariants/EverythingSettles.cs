using Maestro.Engine.Operations;
using Maestro.Simulation.Histories;

namespace Maestro.Simulation.Invariants;

/// <summary>When faults have stopped, every operation ends within the bound, and nothing of it stays: no lease, no claim, no gateway on its way.</summary>
internal sealed class EverythingSettles(History history) : Invariant(history)
{
    public override string Name => "Liveness";

    public override void AtEnd()
    {
        foreach (var operation in History.Witness.Operations)
        {
            Require(OperationStateMachine.IsEnd(operation.State), $"{operation.Id} {operation.Record.Kind} is still {operation.State} {History.Bound.TotalHours} hours after the last fault: {operation.Reason}");
        }

        foreach (var gateway in World.Gateways)
        {
            Require(gateway.Transitions.Count == 0, $"{gateway.Id} is still {gateway.State}");
            Require(gateway.Holder is null || gateway.Holder.Until <= History.Now, $"{gateway.Id} is still claimed by {gateway.Holder?.OperationId}");
        }
    }
}

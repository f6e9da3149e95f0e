using Maestro.Engine.Model.Operations;
using Maestro.Simulation.Histories;

namespace Maestro.Simulation.Invariants;

/// <summary>An operation that is over stays over, and one that is not done says why.</summary>
internal sealed class StatesMoveLegally(History history) : Invariant(history)
{
    private readonly Dictionary<string, OperationState> _ended = new(StringComparer.Ordinal);

    public override string Name => "States move legally";

    public override void OnState(OperationFacts operation)
    {
        Require(!_ended.TryGetValue(operation.Id, out var end), $"{operation.Id} was {end} and became {operation.State}");
        if (operation.State is OperationState.Succeeded or OperationState.Failed or OperationState.RolledBack or OperationState.Stopped) _ended[operation.Id] = operation.State;
        Require(operation.State == OperationState.Succeeded || operation.Reason.Length > 0, $"{operation.Id} {operation.Record.Kind} is {operation.State} and does not say why");
    }
}

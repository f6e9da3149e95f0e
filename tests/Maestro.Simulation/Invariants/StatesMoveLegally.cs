using Maestro.Engine.Model.Operations;
using Maestro.Engine.Operations.Journal;
using Maestro.Engine.Operations.Plans;
using Maestro.Simulation.Histories;

namespace Maestro.Simulation.Invariants;

/// <summary>An operation that is over stays over, one that is not done says why, and one that is all or nothing does not turn round on its way back.</summary>
internal sealed class StatesMoveLegally(History history) : Invariant(history)
{
    private readonly Dictionary<string, OperationState> _ended = new(StringComparer.Ordinal);

    // Taken back since they last came to rest.
    private readonly HashSet<string> _onTheWayBack = new(StringComparer.Ordinal);

    public override string Name => "States move legally";

    public override void OnEntry(OperationFacts operation, JournalEntry entry)
    {
        if (operation.Plan.FailurePolicy != FailurePolicy.Rollback) return;
        if (entry.Kind == JournalEntryKind.UndoStarting) _onTheWayBack.Add(operation.Id);
        Require(entry.Kind != JournalEntryKind.StepStarting || !_onTheWayBack.Contains(operation.Id), $"{operation.Id} {operation.Record.Kind} was on its way back and begins {entry.StepId}");
    }

    public override void OnState(OperationFacts operation)
    {
        _onTheWayBack.Remove(operation.Id);
        Require(!_ended.TryGetValue(operation.Id, out var end), $"{operation.Id} was {end} and became {operation.State}");
        if (operation.State is OperationState.Succeeded or OperationState.Failed or OperationState.RolledBack or OperationState.Stopped) _ended[operation.Id] = operation.State;
        Require(operation.State == OperationState.Succeeded || operation.Reason.Length > 0, $"{operation.Id} {operation.Record.Kind} is {operation.State} and does not say why");
    }
}

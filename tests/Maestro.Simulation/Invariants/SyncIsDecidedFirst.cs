using Maestro.Engine.Model.Operations;
using Maestro.Engine.Operations.Journal;
using Maestro.Engine.Operations.Plans;
using Maestro.Simulation.Histories;

namespace Maestro.Simulation.Invariants;

/// <summary>
/// A sync tells no member to stay before the decision is in the journal, decides only when every member was proven and found in time, and lets none
/// disarm before all have put their timers off.
/// </summary>
internal sealed class SyncIsDecidedFirst(History history) : Invariant(history)
{
    public override string Name => "I4 a sync is decided first";

    public override void OnEntry(OperationFacts operation, JournalEntry entry)
    {
        if (entry.Kind != JournalEntryKind.Decided || operation.Record.Kind != "SyncPolicy") return;
        foreach (var step in operation.Plan.Stages.Where(s => !s.AfterDecision).SelectMany(s => s.Steps))
        {
            Require(IsDone(operation, step.Id), $"{operation.Id} is decided, and its {step.Id} is not done");
        }
    }

    public override void OnSent(SentCall sent)
    {
        if (sent.Place.Call is not ("extend" or "confirm") || History.Witness.Find(sent.Call.OperationId) is not { } operation) return;
        if (operation.Plan.Stages.FirstOrDefault(s => s.AfterDecision && s.Steps.Any(step => sent.Call.StepId == step.Id)) is not { } stage) return;
        Require(operation.Entries.Any(e => e.Kind == JournalEntryKind.Decided), $"{sent.Place.Call} {sent.Place.Gateway} of {operation.Id} was sent before the decision");
        if (stage.Name != "confirm") return;
        var behind = operation.Plan.Stages.Where(s => s.Name == "extend").SelectMany(s => s.Steps).FirstOrDefault(s => !IsDone(operation, s.Id));
        Require(behind is null, $"confirm {sent.Place.Gateway} of {operation.Id} was sent before {behind?.Id} was done");
    }

    private static bool IsDone(OperationFacts operation, string stepId) =>
        operation.Entries.FindLast(e => e.StepId == stepId && e.Kind is JournalEntryKind.StepEnded or JournalEntryKind.UndoEnded)?.Outcome is nameof(StepOutcome.Done) or nameof(StepOutcome.Already);
}

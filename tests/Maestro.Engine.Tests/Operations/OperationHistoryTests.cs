using Maestro.Engine.Model.Operations;
using Maestro.Engine.Operations;
using Maestro.Engine.Operations.Journal;

namespace Maestro.Engine.Tests.Operations;

public sealed class OperationHistoryTests
{
    [Fact]
    public void A_step_that_started_and_has_no_end_may_have_acted()
    {
        var history = OperationHistory.Of([Entry(JournalEntryKind.StepStarting)]);
        Assert.True(history["s"].MayHaveActed);
        Assert.Equal(StepOutcome.Running, history["s"].Outcome);
    }

    [Fact]
    public void A_first_attempt_that_was_refused_did_nothing()
    {
        var history = OperationHistory.Of([Entry(JournalEntryKind.StepStarting, attempt: 1), Entry(JournalEntryKind.StepEnded, StepOutcome.Refused, 1)]);
        Assert.False(history["s"].MayHaveActed);
    }

    [Fact]
    public void A_later_refusal_does_not_vouch_for_earlier_attempts()
    {
        var history = OperationHistory.Of([Entry(JournalEntryKind.StepStarting, attempt: 1), Entry(JournalEntryKind.StepStarting, attempt: 2), Entry(JournalEntryKind.StepEnded, StepOutcome.Refused, 2)]);
        Assert.True(history["s"].MayHaveActed);
    }

    [Fact]
    public void What_was_undone_needs_no_undoing_and_is_not_done()
    {
        var history = OperationHistory.Of([Entry(JournalEntryKind.StepStarting), Entry(JournalEntryKind.StepEnded, StepOutcome.Done), Entry(JournalEntryKind.UndoStarting), Entry(JournalEntryKind.UndoEnded, StepOutcome.Undone)]);
        Assert.False(history["s"].MayHaveActed);
        Assert.False(history["s"].IsDone);
    }

    [Fact]
    public void An_undo_that_failed_leaves_the_step_to_be_undone()
    {
        var history = OperationHistory.Of([Entry(JournalEntryKind.StepStarting), Entry(JournalEntryKind.UndoStarting), Entry(JournalEntryKind.UndoEnded, StepOutcome.UndoFailed)]);
        Assert.True(history["s"].MayHaveActed);
    }

    [Fact]
    public void What_is_undone_once_more_for_what_came_late_is_in_doubt_until_that_has_ended()
    {
        JournalEntry[] undone = [Entry(JournalEntryKind.StepStarting), Entry(JournalEntryKind.UndoStarting), Entry(JournalEntryKind.UndoEnded, StepOutcome.Undone)];
        Assert.True(OperationHistory.Of([.. undone, Entry(JournalEntryKind.UndoStarting)])["s"].MayHaveActed);
        Assert.False(OperationHistory.Of([.. undone, Entry(JournalEntryKind.UndoStarting), Entry(JournalEntryKind.UndoEnded, StepOutcome.Undone)])["s"].MayHaveActed);
    }

    [Fact]
    public void A_decision_that_nothing_was_carried_out_of_ends_with_a_run_that_took_everything_back()
    {
        JournalEntry[] decided = [Entry(JournalEntryKind.StepStarting), Entry(JournalEntryKind.StepEnded, StepOutcome.Done), Entry(JournalEntryKind.Decided)];
        JournalEntry[] takenBack = [Entry(JournalEntryKind.UndoStarting), Entry(JournalEntryKind.UndoEnded, StepOutcome.Undone), Entry(JournalEntryKind.StateChanged)];
        Assert.True(OperationHistory.Of(decided).Decided);
        Assert.True(OperationHistory.Of([.. decided, Entry(JournalEntryKind.StateChanged)]).Decided);
        Assert.False(OperationHistory.Of([.. decided, .. takenBack]).Decided);
        JournalEntry[] carriedOut = [Entry(JournalEntryKind.StepStarting) with { StepId = "after" }, Entry(JournalEntryKind.StepEnded, StepOutcome.Done) with { StepId = "after" }];
        Assert.True(OperationHistory.Of([.. decided, .. carriedOut, .. takenBack]).Decided);
        // Who undoes it on purpose goes on with that.
        Assert.True(OperationHistory.Of([.. decided, Entry(JournalEntryKind.TakingBack), .. takenBack]).Decided);
    }

    [Fact]
    public void Every_state_has_its_row_in_the_table_and_ends_have_no_way_out()
    {
        foreach (OperationState from in Enum.GetValues<OperationState>())
        {
            foreach (OperationState to in Enum.GetValues<OperationState>())
            {
                if (OperationStateMachine.IsEnd(from)) Assert.False(OperationStateMachine.CanMove(from, to));
            }
        }

        Assert.Throws<InvalidOperationException>(() => OperationStateMachine.Require(OperationState.Succeeded, OperationState.Running, "test"));
    }

    private static JournalEntry Entry(JournalEntryKind kind, StepOutcome? outcome = null, int attempt = 1) =>
        new() { OperationId = "o", At = default, Kind = kind, StepId = "s", Attempt = attempt, Outcome = outcome?.ToString() ?? "" };
}

using Maestro.Engine.Model.Operations;

namespace Maestro.Engine.Operations.Journal;

/// <summary>What the journal says of one step.</summary>
internal sealed record StepHistory
{
    public StepOutcome Outcome { get; init; } = StepOutcome.Waiting;

    public int Attempt { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    public string Reason { get; init; } = "";

    public string Evidence { get; init; } = "";

    /// <summary>True from the moment that something may have been sent and was not taken back.</summary>
    public bool MayHaveActed { get; init; }

    /// <summary><see cref="MayHaveActed"/> as it was before the newest attempt began: what a refusal of that attempt says nothing about.</summary>
    public bool MayHaveActedBefore { get; init; }

    /// <summary>The place in the journal of its newest end, and of the newest beginning of its undoing; 0: there is none.</summary>
    public int EndedIn { get; init; }

    /// <inheritdoc cref="EndedIn"/>
    public int UndoBeganIn { get; init; }

    public bool IsDone => Outcome is StepOutcome.Done or StepOutcome.Already;
}

/// <summary>The journal of one operation, folded into where it stands. A pure function of the entries: what a dead process leaves is read by this and nothing else.</summary>
internal sealed class OperationHistory
{
    private static readonly StepHistory Untouched = new();

    private readonly Dictionary<string, StepHistory> _steps = new(StringComparer.Ordinal);
    private readonly HashSet<string> _begunSinceDecision = new(StringComparer.Ordinal);
    private bool _isHeld;
    private int _entries;

    /// <summary>True from the decision on; no more once a run that carried nothing out of it took everything back and came to rest: then it is made anew.</summary>
    public bool Decided { get; private set; }

    /// <summary>True once it was to be taken back: whoever comes next goes on with that, not forward.</summary>
    public bool TakingBack { get; private set; }

    /// <summary>True from the first inverse on until the run comes to rest.</summary>
    public bool IsUndoing { get; private set; }

    /// <summary>True when it came to rest as Held and was taken up again.</summary>
    public bool IsReleased { get; private set; }

    /// <summary>True when it came to rest as Unsettled before: what is done since is another try to bring forward who was left behind.</summary>
    public bool WasUnsettled { get; private set; }

    public StepHistory this[string stepId] => _steps.TryGetValue(stepId, out var history) ? history : Untouched;

    /// <summary>True when anything was sent that may have taken effect, at any time.</summary>
    public bool Changed { get; private set; }

    public static OperationHistory Of(IEnumerable<JournalEntry> entries)
    {
        var history = new OperationHistory();
        foreach (var entry in entries) history.Apply(entry);
        return history;
    }

    public void Apply(JournalEntry entry)
    {
        var step = this[entry.StepId];
        _entries++;
        switch (entry.Kind)
        {
            case JournalEntryKind.Decided:
                Decided = true;
                break;

            case JournalEntryKind.TakingBack:
                TakingBack = true;
                break;

            case JournalEntryKind.StepStarting:
                Changed = true;
                if (Decided) _begunSinceDecision.Add(entry.StepId);
                _steps[entry.StepId] = step with
                {
                    Outcome = StepOutcome.Running,
                    Attempt = entry.Attempt,
                    StartedAt = step.StartedAt ?? entry.At,
                    EndedAt = null,
                    MayHaveActed = true,
                    MayHaveActedBefore = step.MayHaveActed,
                };
                break;

            case JournalEntryKind.StepEnded:
                var outcome = ParseOutcome(entry.Outcome);
                // Attempt 0 found it so by looking and began nothing.
                var before = entry.Attempt == 0 ? step.MayHaveActed : step.MayHaveActedBefore;
                _steps[entry.StepId] = step with
                {
                    Outcome = outcome,
                    Attempt = Math.Max(step.Attempt, entry.Attempt),
                    StartedAt = step.StartedAt ?? entry.At,
                    EndedAt = entry.At,
                    EndedIn = _entries,
                    Reason = entry.Reason,
                    Evidence = entry.Evidence,
                    // "Refused" and "already so" are the device's word that this attempt did nothing; an earlier one, of this run or of a dead one, may have acted.
                    MayHaveActed = outcome is StepOutcome.Done or StepOutcome.Unknown || before,
                };
                break;

            case JournalEntryKind.StateChanged:
                if (IsUndoing && !TakingBack && _begunSinceDecision.All(id => this[id].Outcome is StepOutcome.Waiting or StepOutcome.Refused))
                {
                    Decided = false;
                    _begunSinceDecision.Clear();
                }

                IsUndoing = false;
                _isHeld = entry.Outcome == nameof(OperationState.Held);
                WasUnsettled |= entry.Outcome == nameof(OperationState.Unsettled);
                break;

            case JournalEntryKind.TakenOver:
                IsReleased |= _isHeld;
                break;

            case JournalEntryKind.UndoStarting:
                IsUndoing = true;
                // Also where it is undone once more for what may have come late: whoever goes on must find that out, too.
                _steps[entry.StepId] = step with { Outcome = StepOutcome.Running, MayHaveActed = true, UndoBeganIn = _entries };
                break;

            case JournalEntryKind.UndoEnded:
                var undone = ParseOutcome(entry.Outcome);
                _steps[entry.StepId] = step with
                {
                    Outcome = undone,
                    EndedAt = entry.At,
                    Reason = entry.Reason,
                    Evidence = entry.Evidence,
                    MayHaveActed = undone != StepOutcome.Undone,
                };
                break;
        }
    }

    private static StepOutcome ParseOutcome(string text) =>
        Enum.TryParse<StepOutcome>(text, out var outcome) ? outcome : throw new InvalidOperationException($"The journal holds the unknown outcome '{text}'.");
}

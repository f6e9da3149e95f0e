namespace Maestro.Engine.Operations.Journal;

public enum JournalEntryKind
{
    OperationStarted,

    /// <summary>Durable before the step sends anything.</summary>
    StepStarting,
    StepEnded,

    /// <summary>The point of no return: from here the run goes forward only.</summary>
    Decided,

    UndoStarting,
    UndoEnded,

    /// <summary>A person's or another process's request was seen: pause, resume, stop, confirm.</summary>
    RequestSeen,

    /// <summary>Another process took the run over.</summary>
    TakenOver,

    /// <summary>Taken over because somebody asked for all of it to be taken back: from here the run goes backward only, whoever settles it.</summary>
    TakingBack,

    /// <summary>A decision or warning worth keeping.</summary>
    Note,
    StateChanged,
}

/// <summary>One line of an operation's journal. Entries are numbered and hash-chained by the store, never changed.</summary>
public sealed record JournalEntry
{
    public const int CurrentSchemaVersion = 1;

    public int SchemaVersion { get; init; } = CurrentSchemaVersion;

    /// <summary>Given by the store: its place in the whole journal. 0 before it was written.</summary>
    public long Sequence { get; init; }

    public required string OperationId { get; init; }

    public required DateTimeOffset At { get; init; }

    public required JournalEntryKind Kind { get; init; }

    public string StepId { get; init; } = "";

    public int Attempt { get; init; }

    /// <summary>A <see cref="Model.Operations.StepOutcome"/> or <see cref="Model.Operations.OperationState"/>, by name, where the kind has one.</summary>
    public string Outcome { get; init; } = "";

    public string Reason { get; init; } = "";

    public string Evidence { get; init; } = "";
}

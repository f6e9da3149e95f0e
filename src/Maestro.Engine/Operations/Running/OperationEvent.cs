namespace Maestro.Engine.Operations.Running;

public enum OperationEventKind
{
    /// <summary>A decision of the plan, with its reason.</summary>
    Decision,
    Warning,

    /// <summary>An unfinished operation was found and settled before this one.</summary>
    Settled,
    Started,
    StepStarted,

    /// <summary>A step waits to see the wanted state; the text says for what.</summary>
    StepWaiting,
    StepEnded,
    Decided,
    StateChanged,
    Ended,
}

/// <summary>The single feed of a run: progress, verbose text, CI log commands, web page and hooks are all made from it.</summary>
public sealed record OperationEvent
{
    public required OperationEventKind Kind { get; init; }

    public required DateTimeOffset At { get; init; }

    public string OperationId { get; init; } = "";

    public string OperationKind { get; init; } = "";

    public string SecurityGroup { get; init; } = "";

    public string StepId { get; init; } = "";

    public string Stage { get; init; } = "";

    public string Member { get; init; } = "";

    public required string Text { get; init; }

    public int StepsDone { get; init; }

    public int StepsTotal { get; init; }
}

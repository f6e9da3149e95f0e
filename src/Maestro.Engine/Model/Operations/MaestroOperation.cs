namespace Maestro.Engine.Model.Operations;

/// <summary>Where an operation stands. The legal moves are in <c>OperationStateMachine</c>.</summary>
public enum OperationState
{
    Running,

    /// <summary>Waits for a window or a person.</summary>
    Waiting,

    /// <summary>Came to rest before its decision and waits to be confirmed by Resume; what it did takes itself back when nobody comes.</summary>
    Held,

    /// <summary>Came to rest and can be resumed.</summary>
    Paused,

    /// <summary>Its owner died; the next run on its resources settles it.</summary>
    Orphaned,

    Succeeded,

    /// <summary>Ended; everything that answers is as before.</summary>
    Failed,

    RolledBack,

    Stopped,

    /// <summary>Named members could not be brought to either side.</summary>
    Unsettled,
}

public enum StepOutcome
{
    Waiting,
    Running,

    /// <summary>Sent and verified.</summary>
    Done,

    /// <summary>Found as wanted; nothing was sent.</summary>
    Already,

    Refused,

    /// <summary>Nobody could say whether it took effect.</summary>
    Unknown,

    Undone,
    UndoFailed,
    Skipped,
}

/// <summary>One step as the report shows it.</summary>
public sealed record OperationStep
{
    public required string Id { get; init; }

    public required string Stage { get; init; }

    public required string Kind { get; init; }

    /// <summary>The member, gateway or group that it works on.</summary>
    public required string Subject { get; init; }

    /// <summary>Empty when the step is not about one member.</summary>
    public string Member { get; init; } = "";

    public required StepOutcome Outcome { get; init; }

    public int Attempt { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    public string Reason { get; init; } = "";

    /// <summary>What the gateway said, as kept.</summary>
    public string Evidence { get; init; } = "";

    public override string ToString() => $"{Kind} {Subject}: {Outcome}";
}

/// <summary>One change, from its plan to its report.</summary>
public sealed record MaestroOperation
{
    /// <summary>Two groups of four: <c>k3f9-7qtd</c>.</summary>
    public required string Id { get; init; }

    public required string Kind { get; init; }

    public string SecurityGroup { get; init; } = "";

    public required OperationState State { get; init; }

    /// <summary>True when anything was sent that took effect.</summary>
    public bool Changed { get; init; }

    public string Reason { get; init; } = "";

    /// <summary>What Resume-MaestroOperation would do; empty when it has ended.</summary>
    public string NextStep { get; init; } = "";

    public string Message { get; init; } = "";

    /// <summary>User and host.</summary>
    public string Owner { get; init; } = "";

    /// <summary>The correlation id.</summary>
    public string Token { get; init; } = "";

    public DateTimeOffset StartedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    public TimeSpan Duration { get; init; }

    public int StepsDone { get; init; }

    public int StepsTotal { get; init; }

    public IReadOnlyList<OperationStep> Step { get; init; } = [];

    /// <summary>Why the plan is what it is, decision by decision.</summary>
    public IReadOnlyList<string> Decision { get; init; } = [];

    /// <summary>Members that are on neither side; only when <see cref="OperationState.Unsettled"/>.</summary>
    public IReadOnlyList<string> UnsettledMember { get; init; } = [];

    public string Session { get; init; } = "";

    public override string ToString() => Id;
}

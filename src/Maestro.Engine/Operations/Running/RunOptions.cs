using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Operations;
using Maestro.Engine.Operations.Plans;

namespace Maestro.Engine.Operations.Running;

/// <summary>What to do with an unfinished operation that is found on the group.</summary>
public enum UnfinishedPolicy
{
    /// <summary>Finish or undo it first, by its own failure policy, and say so.</summary>
    Settle,

    /// <summary>Refuse with <c>Maestro.OperationUnfinished</c>.</summary>
    Refuse,
}

/// <summary>How a change is to be run.</summary>
public sealed record RunOptions
{
    /// <summary>Bounds the whole run; reached, the operation is Paused and the error is <c>Maestro.TimedOut</c>. Null: the fabric's default.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>The human's words: change number, commit subject.</summary>
    public string Message { get; init; } = "";

    public IReadOnlyList<string> SkipChecks { get; init; } = [];

    public UnfinishedPolicy OnUnfinished { get; init; } = UnfinishedPolicy.Settle;

    /// <summary>Where the request comes from: a cmdlet's name.</summary>
    public string Source { get; init; } = "";

    /// <summary>Called for each event, on the engine's threads; must not block.</summary>
    public Action<OperationEvent>? Events { get; init; }

    /// <summary>Asks the run to come to rest: the step in flight is finished, what is out comes back, the journal is closed, the state is Paused.</summary>
    public CancellationToken Rest { get; init; }
}

/// <summary>What a run came to.</summary>
public sealed record OperationResult
{
    /// <summary>The plan that was run, made after the lease was taken; for an empty one nothing was sent and nothing written.</summary>
    public required Plan Plan { get; init; }

    /// <summary>Null when the plan was empty.</summary>
    public MaestroOperation? Operation { get; init; }

    /// <summary>Null when it succeeded.</summary>
    public MaestroException? Failure { get; init; }

    /// <summary>What was said of unfinished operations that were settled first.</summary>
    public IReadOnlyList<string> Settled { get; init; } = [];

    /// <summary>True when it was to be gone on with, but had ended by itself before that.</summary>
    internal bool EndedBefore { get; init; }
}

/// <summary>A run under way.</summary>
public sealed class OperationHandle(string operationId, Task<OperationResult> completion)
{
    /// <summary>Empty when the plan was empty and no operation was made.</summary>
    public string OperationId { get; } = operationId;

    /// <summary>Completes when the operation is at rest; does not throw for a failed operation.</summary>
    public Task<OperationResult> Completion { get; } = completion;
}

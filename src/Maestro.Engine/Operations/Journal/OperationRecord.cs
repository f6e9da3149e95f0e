using Maestro.Engine.Model.Operations;
using Maestro.Engine.Operations.Leases;

namespace Maestro.Engine.Operations.Journal;

/// <summary>An operation as the store keeps it: who wants what, the plan (as text that carries its own schema version), and where it stands.</summary>
public sealed record OperationRecord
{
    public required string Id { get; init; }

    public required string Kind { get; init; }

    public string SecurityGroup { get; init; } = "";

    public required OperationState State { get; init; }

    public string Reason { get; init; } = "";

    public required string PlanJson { get; init; }

    public required LeaseOwner Owner { get; init; }

    /// <summary>What the plan needs to run; kept beside the plan so that it can be asked for without reading it.</summary>
    public required IReadOnlyList<string> Resources { get; init; }

    /// <summary>The fencing epoch of the run that wrote last.</summary>
    public long Epoch { get; init; }

    public string Message { get; init; } = "";

    /// <summary>Where the request came from: a cmdlet's name, REST, a runbook.</summary>
    public string Source { get; init; } = "";

    /// <summary>The correlation id.</summary>
    public string Token { get; init; } = "";

    public IReadOnlyList<string> SkippedChecks { get; init; } = [];

    public IReadOnlyList<string> UnsettledMembers { get; init; } = [];

    public required DateTimeOffset StartedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }
}

/// <summary>What to ask the journal for. Absent means all.</summary>
public sealed record OperationQuery
{
    /// <summary>An id or its unique beginning.</summary>
    public string? IdPrefix { get; init; }

    public string? SecurityGroup { get; init; }

    public string? Kind { get; init; }

    public IReadOnlyList<OperationState>? States { get; init; }

    /// <summary>Operations that need any of these.</summary>
    public IReadOnlyList<string>? AnyResource { get; init; }

    public DateTimeOffset? After { get; init; }

    /// <summary>Operations that ended then or later; those that go on or wait are not among them.</summary>
    public DateTimeOffset? EndedAfter { get; init; }

    /// <summary>Operations that ended before then.</summary>
    public DateTimeOffset? EndedBefore { get; init; }

    public int? Newest { get; init; }
}

public enum RequestKind { Pause, Resume, Stop, Confirm }

/// <summary>A wish to a running operation, from any process: the runner reads them at every step boundary and at least once a second.</summary>
public sealed record OperationRequest
{
    public required string OperationId { get; init; }

    public required RequestKind Kind { get; init; }

    public required DateTimeOffset At { get; init; }

    public required string By { get; init; }

    public string Message { get; init; } = "";
}

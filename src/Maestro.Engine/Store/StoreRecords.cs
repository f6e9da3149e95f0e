namespace Maestro.Engine.Store;

public enum GenerationKind { Policy, Configuration }

/// <summary>A forgotten one is a number that is never given again; its content is gone unless another version has the same.</summary>
public enum GenerationState { Staged, Confirmed, Reverted, Forgotten }

/// <summary>A numbered content of a group. The content itself is kept once, by its fingerprint.</summary>
public sealed record GenerationRecord
{
    public required GenerationKind Kind { get; init; }

    public required string SecurityGroup { get; init; }

    public required int Number { get; init; }

    /// <summary>SHA-256 of the content, lower-case hex.</summary>
    public required string Fingerprint { get; init; }

    public required GenerationState State { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public string Author { get; init; } = "";

    public string Message { get; init; } = "";

    /// <summary>Where it came from: a path, with commit and dirty flag where known.</summary>
    public string Source { get; init; } = "";

    public string Commit { get; init; } = "";

    public bool Dirty { get; init; }

    public int? Parent { get; init; }

    public string OperationId { get; init; } = "";

    public bool Recovered { get; init; }
}

/// <summary>An event that is kept.</summary>
public sealed record StoredEvent
{
    public required DateTimeOffset At { get; init; }

    public string SecurityGroup { get; init; } = "";

    public string Member { get; init; } = "";

    public required string Kind { get; init; }

    /// <summary>Information, Warning or Error.</summary>
    public string Severity { get; init; } = "Information";

    public required string Text { get; init; }

    public string OperationId { get; init; } = "";

    /// <summary>Who says it and the how manieth it is: the same is kept once, however often it is written. Empty for none.</summary>
    public string Origin { get; init; } = "";
}

/// <summary>How long events are kept.</summary>
public sealed record EventRetention
{
    /// <summary>So many of each group, the newest. At the pace of a member that flaps once a minute that is a week; at a quiet group's, longer than <see cref="Age"/>.</summary>
    public int Count { get; init; } = 10_000;

    public TimeSpan Age { get; init; } = TimeSpan.FromDays(90);
}

public sealed record EventQuery
{
    public string? SecurityGroup { get; init; }

    public string? Member { get; init; }

    public string? Kind { get; init; }

    public DateTimeOffset? After { get; init; }

    public DateTimeOffset? Before { get; init; }

    public int? Newest { get; init; }
}

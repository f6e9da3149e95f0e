namespace Maestro.Engine.Model.Monitoring;

/// <summary>Which events to read. Absent means all.</summary>
public sealed record EventFilter
{
    /// <summary>Names of groups, those that are no more included.</summary>
    public IReadOnlyList<string>? SecurityGroups { get; init; }

    /// <summary>A member's id: what is said of it alone, and operations that worked on it.</summary>
    public string? Member { get; init; }

    public IReadOnlyList<MaestroEventKind> Kinds { get; init; } = [];

    public IReadOnlyList<EventSeverity> Severities { get; init; } = [];

    public DateTimeOffset? After { get; init; }

    public DateTimeOffset? Before { get; init; }

    public int? Newest { get; init; }
}

namespace Maestro.Engine.Model.Monitoring;

/// <summary>What a check found.</summary>
public enum CheckOutcome
{
    Pass,

    /// <summary>Nothing is broken, but somebody should know.</summary>
    Warn,
    Fail,

    /// <summary>It could not be asked here; the reason says why.</summary>
    Skipped,
}

/// <summary>One named check of a group, or of one member.</summary>
public sealed record CheckResult
{
    public required string SecurityGroup { get; init; }

    /// <summary>Empty where the check is about the whole group.</summary>
    public string Member { get; init; } = "";

    /// <summary>The check's name, which never changes: scripts match it.</summary>
    public required string Check { get; init; }

    public required CheckOutcome Result { get; init; }

    /// <summary>What was seen.</summary>
    public required string Reason { get; init; }

    /// <summary>What to do about it; empty when there is nothing to do.</summary>
    public string Advice { get; init; } = "";

    /// <summary>How long the look took, for checks that ask members something of their own; else zero.</summary>
    public TimeSpan Duration { get; init; }

    public string Session { get; init; } = "";

    public override string ToString() => $"{Check} {Result}{(Member.Length > 0 ? " " + Member : "")}: {Reason}";
}

namespace Maestro.Engine.Model.Distribution;

/// <summary>A member's part of its group's HyperSync: the connections that it carries, and the copies that it keeps for others.</summary>
public sealed record GroupStateSync
{
    public string Session { get; init; } = "";

    public required string SecurityGroup { get; init; }

    /// <summary>The member's id, <c>site_number</c>.</summary>
    public required string Member { get; init; }

    public required int Site { get; init; }

    public required int Number { get; init; }

    /// <summary>Connections that it carries; null when not known.</summary>
    public long? Owned { get; init; }

    /// <summary>Copies of others' connections that it keeps; null when not known.</summary>
    public long? BackedUp { get; init; }

    /// <summary>The age of the oldest change that its backups have not been told yet; null when not known.</summary>
    public TimeSpan? Lag { get; init; }

    /// <summary>Connections of its own that have lived long enough for a copy and have none; null when not known.</summary>
    public long? Unprotected { get; init; }

    /// <summary>What keeps it from sending or keeping copies; empty for nothing.</summary>
    public string Reason { get; init; } = "";

    public override string ToString() => Member;
}

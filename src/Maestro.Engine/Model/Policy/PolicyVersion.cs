namespace Maestro.Engine.Model.Policy;

public enum PolicyVersionState { Staged, Confirmed, Reverted, Superseded }

/// <summary>A numbered generation of a group's policy.</summary>
public sealed record PolicyVersion
{
    public required string SecurityGroup { get; init; }

    public required int Version { get; init; }

    /// <summary>SHA-256 of the content, lower-case hex.</summary>
    public required string Fingerprint { get; init; }

    public required PolicyVersionState State { get; init; }

    public bool IsCurrent { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public string Author { get; init; } = "";

    public string Message { get; init; } = "";

    public string Source { get; init; } = "";

    public string Commit { get; init; } = "";

    public bool Dirty { get; init; }

    public int? Parent { get; init; }

    /// <summary>True when it was read back from members because the Store did not have it.</summary>
    public bool Recovered { get; init; }

    public string Session { get; init; } = "";
}

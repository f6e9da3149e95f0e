namespace Maestro.Engine.Model.Policy;

public enum SyncOutcome { Confirmed, Unchanged, Prepared, Held, Reverted, Partial, Unsettled, Failed }

public enum MemberSyncOutcome { Confirmed, Unchanged, Staged, Reverted, Refused, Unreachable, Unsettled, NotTried }

/// <summary>What a sync did to one member.</summary>
public sealed record MemberSyncResult
{
    public required string Member { get; init; }

    public required MemberSyncOutcome Outcome { get; init; }

    /// <summary>Fingerprint before; empty when it held none of ours.</summary>
    public string Before { get; init; } = "";

    /// <summary>Fingerprint after, as the kernel was proven to hold it; empty when not proven.</summary>
    public string After { get; init; } = "";

    public string Reason { get; init; } = "";

    public TimeSpan Duration { get; init; }

    public override string ToString() => $"{Member} {Outcome}";
}

/// <summary>The result of Sync-Policy: what was wanted, what each member ended with, and why.</summary>
public sealed record SyncReport
{
    /// <summary>The operation's id; empty when nothing had to be done.</summary>
    public string Id { get; init; } = "";

    public required string SecurityGroup { get; init; }

    public required SyncOutcome Outcome { get; init; }

    public int? Version { get; init; }

    public int? PreviousVersion { get; init; }

    public string Fingerprint { get; init; } = "";

    public IReadOnlyList<MemberSyncResult> Member { get; init; } = [];

    public string Reason { get; init; } = "";

    public TimeSpan Duration { get; init; }

    public string Session { get; init; } = "";
}

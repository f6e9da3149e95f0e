namespace Maestro.Engine.Operations.Leases;

/// <summary>How long a lease lives without renewal, and how often it is renewed.</summary>
public static class LeaseTimes
{
    public static readonly TimeSpan TimeToLive = TimeSpan.FromSeconds(30);

    public static readonly TimeSpan RenewEvery = TimeSpan.FromSeconds(10);
}

/// <summary>Who holds what since when: the words of <c>Maestro.LeaseHeld</c>.</summary>
public sealed record LeaseHolder
{
    public required string Resource { get; init; }

    public required LeaseOwner Owner { get; init; }

    public required string OperationId { get; init; }

    public required DateTimeOffset Since { get; init; }
}

/// <summary>A request for all of some resources, or none.</summary>
public sealed record LeaseRequest
{
    public required string OperationId { get; init; }

    public required LeaseOwner Owner { get; init; }

    public required IReadOnlyList<string> Resources { get; init; }

    public TimeSpan TimeToLive { get; init; } = LeaseTimes.TimeToLive;
}

/// <summary>Proof of holding leases. Every write of a run carries it; the store checks it inside the same transaction.</summary>
public sealed record LeaseToken
{
    public required string OperationId { get; init; }

    /// <summary>Grows with every grant of any resource of this store; a later grant has a higher one.</summary>
    public required long Epoch { get; init; }

    public required IReadOnlyList<string> Resources { get; init; }
}

/// <summary>The answer to a <see cref="LeaseRequest"/>: a token, or who is in the way.</summary>
public sealed record LeaseAnswer
{
    public LeaseToken? Token { get; init; }

    public IReadOnlyList<LeaseHolder> HeldBy { get; init; } = [];

    /// <summary>Operations whose leases were taken over because their owner is gone; they are unfinished.</summary>
    public IReadOnlyList<string> TakenOverFrom { get; init; } = [];
}

using Maestro.Engine.Operations.Leases;
using Maestro.Engine.Operations.Plans;

namespace Maestro.Engine.Fabrics;

/// <summary>
/// The lease that lives with the group: taken by compare-and-set on a majority of the members of each group that it is about, so that two controllers with two
/// stores meet the same holder. The epoch that it grants fences every later call.
/// </summary>
public interface IGroupClaims
{
    /// <summary>Claims the group. On success every participant that answered accepts no lower epoch from now on.</summary>
    Task<ClaimAnswer> ClaimAsync(ClaimRequest request, CancellationToken cancellation);

    /// <summary>Extends the claim; not granted when another epoch was accepted meanwhile.</summary>
    Task<ClaimAnswer> RenewAsync(ClaimRequest request, CancellationToken cancellation);

    /// <summary>Gives the claim back. Best effort: what is not reached expires.</summary>
    Task ReleaseAsync(ClaimRequest request, CancellationToken cancellation);
}

public sealed record ClaimRequest
{
    public required string Resource { get; init; }

    public required IReadOnlyList<MemberRef> Participants { get; init; }

    /// <summary>Those of the participants that are no members yet. They keep the claim, but only members have a vote on their group.</summary>
    public IReadOnlyList<MemberRef> Joiners { get; init; } = [];

    public required LeaseOwner Owner { get; init; }

    public required string OperationId { get; init; }

    /// <summary>For a claim: the lowest that would do. For renewal and release: the one that was granted.</summary>
    public required long Epoch { get; init; }

    public TimeSpan TimeToLive { get; init; } = LeaseTimes.TimeToLive;
}

public sealed record ClaimAnswer
{
    public required bool Granted { get; init; }

    /// <summary>The granted epoch: one more than the highest that any participant had seen, and at least the one asked for.</summary>
    public long Epoch { get; init; }

    public LeaseHolder? HeldBy { get; init; }

    /// <summary>Participants that did not answer.</summary>
    public IReadOnlyList<MemberRef> Silent { get; init; } = [];

    /// <summary>Why it was not granted when nobody holds it: too few answered.</summary>
    public string Reason { get; init; } = "";
}

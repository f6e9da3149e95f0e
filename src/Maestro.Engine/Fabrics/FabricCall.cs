namespace Maestro.Engine.Fabrics;

/// <summary>What every call that changes something carries: for whom, how often at most, under which epoch, until when.</summary>
public sealed record FabricCall
{
    public required string OperationId { get; init; }

    public required string StepId { get; init; }

    /// <summary>The same for every attempt of one step of one operation: a fabric that saw it act need not act again.</summary>
    public string IdempotencyKey => OperationId + "/" + StepId;

    /// <summary>Which attempt of the step this is, from 1.</summary>
    public int Attempt { get; init; } = 1;

    /// <summary>The fencing epoch of the lease; a fabric that can fence refuses a lower one than it has accepted.</summary>
    public required long Epoch { get; init; }

    /// <summary>After this moment the answer no longer matters.</summary>
    public required DateTimeOffset Deadline { get; init; }

    /// <summary>The lease that the call is made under, for fabrics that keep something in the store.</summary>
    public required Operations.Leases.LeaseToken Lease { get; init; }

    public CancellationToken Cancellation { get; init; }
}

using Maestro.Engine.Operations.Plans;

namespace Maestro.Engine.Fabrics;

/// <summary>What becomes of established flows that the new policy forbids.</summary>
public enum ConnectionTreatment
{
    Keep,
    Rematch,
}

/// <summary>A policy that was read, resolved and checked as far as that goes without a gateway.</summary>
public sealed record PolicyDocument
{
    /// <summary>SHA-256 of <see cref="Content"/>, lower-case hex: the policy's identity.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>The self-contained text that travels.</summary>
    public required string Content { get; init; }

    /// <summary>Where it came from, as the version list shows it.</summary>
    public required string Source { get; init; }

    /// <summary>The git commit of the work tree that the files lie in; empty when they lie in none.</summary>
    public string Commit { get; init; } = "";

    /// <summary>True when the files differ from <see cref="Commit"/>, or when that could not be found out.</summary>
    public bool Dirty { get; init; }

    public IReadOnlyList<string> Warnings { get; init; } = [];
}

/// <summary>A generation on its way to members.</summary>
public sealed record PolicyGeneration(int Number, string Fingerprint, string Content);

/// <summary>What a member's own kernel and disk say about its policy.</summary>
public sealed record PolicyObservation
{
    /// <summary>False when the member did not answer; nothing else is known then.</summary>
    public required bool Answered { get; init; }

    /// <summary>The generation that the kernel runs; null when none of ours.</summary>
    public int? RunningGeneration { get; init; }

    /// <summary>The identity that the kernel was proven to hold; empty when it holds something else or nothing.</summary>
    public string ProvenFingerprint { get; init; } = "";

    /// <summary>The generation that the boot step would load.</summary>
    public int? ConfirmedGeneration { get; init; }

    public string ConfirmedFingerprint { get; init; } = "";

    /// <summary>Generations that lie ready on its disk, with their fingerprints.</summary>
    public IReadOnlyList<(int Generation, string Fingerprint)> Staged { get; init; } = [];

    /// <summary>How long until the member takes the running generation back by itself; null when nothing is armed.</summary>
    public TimeSpan? RevertsIn { get; init; }

    public string Evidence { get; init; } = "";
}

/// <summary>How policies read on one member, each in the member's own words, so that they can be compared line by line.</summary>
public sealed record PolicyListing
{
    /// <summary>False when the member did not answer or could not list them; nothing else is known then.</summary>
    public required bool Answered { get; init; }

    /// <summary>What the intended content makes of an empty kernel there.</summary>
    public string Intended { get; init; } = "";

    /// <summary>The same for the content that a restart loads; null when there is none.</summary>
    public string? Confirmed { get; init; }

    /// <summary>What the kernel holds of the policy's tables, without counters and what traffic put in.</summary>
    public string Actual { get; init; } = "";

    public string Evidence { get; init; } = "";
}

/// <summary>
/// Brings a policy to members and proves it. Stage and Commit may be called again with the same generation. None touches a member under a
/// lower epoch than it has accepted.
/// </summary>
public interface IPolicyCarrier
{
    /// <summary>Reads and resolves a policy file or folder.</summary>
    /// <exception cref="Model.Errors.MaestroException"><c>Maestro.PolicyInvalid</c> with file, line and column of every fault; <c>Maestro.PolicyNotFound</c>.</exception>
    PolicyDocument Load(string path);

    /// <summary>Puts the content on the member's disk under its number and lets the member's own parser check it. The kernel is not touched.</summary>
    Task<Effect> StageAsync(FabricCall call, MemberRef member, PolicyGeneration generation);

    /// <summary>
    /// Makes the kernel hold the staged generation in one transaction and reads it back. Before that a timer is armed on the member, and read back, which
    /// takes the generation back after <paramref name="revertAfter"/> (whole seconds, 1 or more) whoever lives then, unless it is put off or confirmed.
    /// </summary>
    Task<Effect> CommitAsync(FabricCall call, MemberRef member, PolicyGeneration generation, ConnectionTreatment connections, TimeSpan revertAfter);

    /// <summary>Looks whether the member holds the committed generation, proven, under a timer that leaves at least <paramref name="atLeast"/>. Changes nothing.</summary>
    Task<Effect> CheckAsync(FabricCall call, MemberRef member, PolicyGeneration generation, TimeSpan atLeast);

    /// <summary>Puts the revert timer off to <paramref name="revertAfter"/> from now. Refused with <c>Maestro.PolicyReverted</c> when the member went back already.</summary>
    Task<Effect> ExtendAsync(FabricCall call, MemberRef member, PolicyGeneration generation, TimeSpan revertAfter);

    /// <summary>Makes the generation the one that a restart loads, and disarms the timer. Refused with <c>Maestro.PolicyReverted</c> when the member went back already.</summary>
    Task<Effect> ConfirmAsync(FabricCall call, MemberRef member, PolicyGeneration generation);

    /// <summary>Puts the kernel back on the confirmed generation (or none), forgets the staged one and disarms the timer.</summary>
    Task<Effect> RevertAsync(FabricCall call, MemberRef member, PolicyGeneration generation);

    Task<PolicyObservation> ObserveAsync(MemberRef member, CancellationToken cancellation);

    /// <summary>The content of a generation as it lies on a member's disk; null when it is not there or does not have that fingerprint. A new store recovers versions by this.</summary>
    Task<string?> ReadContentAsync(MemberRef member, int generation, string fingerprint, CancellationToken cancellation);

    /// <summary>Lists what the member holds beside what it should hold. Changes nothing on it.</summary>
    Task<PolicyListing> ListAsync(MemberRef member, PolicyGeneration intended, CancellationToken cancellation);
}

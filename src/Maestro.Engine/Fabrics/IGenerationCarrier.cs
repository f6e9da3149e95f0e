using Maestro.Engine.Operations.Plans;

namespace Maestro.Engine.Fabrics;

/// <summary>
/// Brings numbered contents to members and proves them: what the carriers of all contents have. Stage and Commit may be called again with the same
/// generation. None touches a member under a lower epoch than it has accepted.
/// </summary>
public interface IGenerationCarrier
{
    /// <summary>Puts the content on the member's disk under its number and has the member itself check it. Nothing that runs is touched.</summary>
    Task<Effect> StageAsync(FabricCall call, MemberRef member, NumberedContent generation);

    /// <summary>
    /// Makes the member hold the staged generation, all or none of it, and reads it back. Before that a timer is armed on the member, and read back, which
    /// takes the generation back after <paramref name="revertAfter"/> (whole seconds, 1 or more) whoever lives then, unless it is put off or confirmed.
    /// <paramref name="connections"/> says what becomes of established flows, where the content judges any.
    /// </summary>
    Task<Effect> CommitAsync(FabricCall call, MemberRef member, NumberedContent generation, ConnectionTreatment connections, TimeSpan revertAfter);

    /// <summary>Looks whether the member holds the committed generation, proven, under a timer that leaves at least <paramref name="atLeast"/>. Changes nothing.</summary>
    Task<Effect> CheckAsync(FabricCall call, MemberRef member, NumberedContent generation, TimeSpan atLeast);

    /// <summary>Puts the revert timer off to <paramref name="revertAfter"/> from now. Refused as reverted when the member went back already.</summary>
    Task<Effect> ExtendAsync(FabricCall call, MemberRef member, NumberedContent generation, TimeSpan revertAfter);

    /// <summary>Makes the generation the one that a restart loads, and disarms the timer. Refused as reverted when the member went back already.</summary>
    Task<Effect> ConfirmAsync(FabricCall call, MemberRef member, NumberedContent generation);

    /// <summary>Puts the member back on the confirmed generation (or none), forgets the staged one and disarms the timer.</summary>
    Task<Effect> RevertAsync(FabricCall call, MemberRef member, NumberedContent generation);

    Task<GenerationObservation> ObserveAsync(MemberRef member, CancellationToken cancellation);

    /// <summary>The content of a generation as it lies on a member's disk; null when it is not there or does not have that fingerprint. A new store recovers versions by this.</summary>
    Task<string?> ReadContentAsync(MemberRef member, int generation, string fingerprint, CancellationToken cancellation);
}

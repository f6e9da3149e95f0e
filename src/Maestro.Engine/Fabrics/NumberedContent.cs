namespace Maestro.Engine.Fabrics;

/// <summary>A content under its number, on its way to members.</summary>
public sealed record NumberedContent(int Number, string Fingerprint, string Content);

/// <summary>What a member's own kernel and disk say about its policy, or about its configuration.</summary>
public sealed record GenerationObservation
{
    /// <summary>False when the member did not answer; nothing else is known then.</summary>
    public required bool Answered { get; init; }

    /// <summary>The generation that it runs; null when none of ours.</summary>
    public int? RunningGeneration { get; init; }

    /// <summary>The identity that it was proven to hold; empty when it holds something else or nothing.</summary>
    public string ProvenFingerprint { get; init; } = "";

    /// <summary>The generation that a restart loads.</summary>
    public int? ConfirmedGeneration { get; init; }

    public string ConfirmedFingerprint { get; init; } = "";

    /// <summary>Generations that lie ready on its disk, with their fingerprints.</summary>
    public IReadOnlyList<(int Generation, string Fingerprint)> Staged { get; init; } = [];

    /// <summary>How long until the member takes the running generation back by itself; null when nothing is armed.</summary>
    public TimeSpan? RevertsIn { get; init; }

    public string Evidence { get; init; } = "";
}

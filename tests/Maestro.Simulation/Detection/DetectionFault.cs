namespace Maestro.Simulation.Detection;

/// <summary>What happens in a detection history.</summary>
internal enum DetectionFault
{
    /// <summary>A member loses its power, and comes back after some minutes.</summary>
    Death,

    /// <summary>The same four times in a row, a few seconds each.</summary>
    Flapping,

    /// <summary>Half of the members are gone within a twentieth of a second: one broken link.</summary>
    Cut,

    /// <summary>All that an observer sends is lost for a while: its own link.</summary>
    ObserverCut,

    /// <summary>An observer, or each of them at once as on one hypervisor, stands still for ten seconds, and hears half of the members only for a moment when it wakes.</summary>
    ObserverPause,

    /// <summary>Whoever judges stands still for ten seconds, and then finds all that was said meanwhile.</summary>
    JudgePause,

    /// <summary>For a minute an observer's probes are lost in bursts.</summary>
    Bursts,
}

/// <summary>A fault with its moment and what its choices follow from.</summary>
internal readonly record struct DetectionEntry(TimeSpan At, DetectionFault What, int Salt);

/// <summary>One detection history, as data.</summary>
internal sealed record DetectionScenario
{
    public required int Seed { get; init; }

    public required TimeSpan Length { get; init; }

    public int Members { get; init; } = 52;

    /// <summary>Two orchestrators and the controller.</summary>
    public int Observers { get; init; } = 3;

    /// <summary>How probes are lost when no fault says otherwise.</summary>
    public ProbeLoss Loss { get; init; }

    public required IReadOnlyList<DetectionEntry> Entries { get; init; }
}

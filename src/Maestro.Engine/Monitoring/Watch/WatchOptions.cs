using Maestro.Engine.Clustering.Detection;

namespace Maestro.Engine.Monitoring.Watch;

/// <summary>How a group is watched.</summary>
public sealed record WatchOptions
{
    /// <summary>Moves the traffic of members that are lost, as long as no other watch does. False only reads.</summary>
    public bool AutoFailover { get; init; }

    /// <summary>Between two looks at the group; probes go on meanwhile.</summary>
    public TimeSpan LookEvery { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Who asks, for the journal.</summary>
    public string Source { get; init; } = "";

    /// <summary>The human's words.</summary>
    public string Message { get; init; } = "";

    /// <summary>How sure to be that a member is lost. Probes of a watch are made ten times a second.</summary>
    internal DetectionPolicy Detection { get; init; } = new() { ProbeInterval = TimeSpan.FromMilliseconds(100) };
}

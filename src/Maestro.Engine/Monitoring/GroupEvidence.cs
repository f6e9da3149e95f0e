using Maestro.Engine.Fabrics;
using Maestro.Engine.Model.Configuration;
using Maestro.Engine.Model.Groups;
using Maestro.Engine.Model.Monitoring;
using Maestro.Engine.Model.Operations;
using Maestro.Engine.Model.Policy;

namespace Maestro.Engine.Monitoring;

/// <summary>All that the checks of a group judge by.</summary>
internal sealed record GroupEvidence
{
    public required SecurityGroup Group { get; init; }

    /// <summary>In their order.</summary>
    public required IReadOnlyList<GroupMember> Members { get; init; }

    public IReadOnlyList<PendingChange> Pending { get; init; } = [];

    /// <summary>Operations on the group that a change must settle first, oldest first.</summary>
    public IReadOnlyList<MaestroOperation> Unfinished { get; init; } = [];

    /// <summary>Members whose policy differs from the group's, or could not be compared; null when that was not asked.</summary>
    public IReadOnlyList<PolicyComparison>? PolicyDrift { get; init; }

    /// <summary>Why <see cref="PolicyDrift"/> could not be asked; empty when it was.</summary>
    public string NoPolicyDrift { get; init; } = "";

    /// <summary>How long comparing policies took.</summary>
    public TimeSpan ComparedIn { get; init; }

    /// <summary>Members whose configuration differs from the group's, or could not be compared; null when that was not asked.</summary>
    public IReadOnlyList<ConfigurationComparison>? ConfigurationDrift { get; init; }

    /// <summary>Why <see cref="ConfigurationDrift"/> could not be asked; empty when it was.</summary>
    public string NoConfigurationDrift { get; init; } = "";

    /// <summary>How long comparing configurations took.</summary>
    public TimeSpan ConfigurationComparedIn { get; init; }

    /// <summary>How the group's traffic is steered; null when that was not asked.</summary>
    public GroupTraffic? Distribution { get; init; }

    /// <summary>Why <see cref="Distribution"/> could not be asked; empty when it was.</summary>
    public string NoDistribution { get; init; } = "";

    /// <summary>True when somebody steers it and none of them answered: <see cref="NoDistribution"/> says who.</summary>
    public bool IsSteeringSilent { get; init; }

    /// <summary>What members say of the copies of their connections; null when that was not asked.</summary>
    public IReadOnlyList<MemberReplication>? Replication { get; init; }

    /// <summary>Connections without the copy that they should have, by owner.</summary>
    public IReadOnlyList<MissingCopies> MissingCopies { get; init; } = [];

    /// <summary>Why <see cref="Replication"/> could not be asked; empty when it was.</summary>
    public string NoReplication { get; init; } = "";

    /// <summary>What a watch that still goes on has said of the group, newest first; empty where none goes on, for then nobody knows what happened since.</summary>
    public IReadOnlyList<MaestroEvent> Watched { get; init; } = [];
}

namespace Maestro.Engine.Model.Distribution;

/// <summary>A member's part of its group's distribution.</summary>
public sealed record GroupDistribution
{
    public string Session { get; init; } = "";

    public required string SecurityGroup { get; init; }

    /// <summary>The member's id, <c>site_number</c>.</summary>
    public required string Member { get; init; }

    public required int Site { get; init; }

    public required int Number { get; init; }

    /// <summary>How many of <see cref="SlotCount"/> it carries.</summary>
    public required int Slots { get; init; }

    /// <summary>How many it would take over from others of its site.</summary>
    public required int BackupSlots { get; init; }

    /// <summary>All slots of the group.</summary>
    public required int SlotCount { get; init; }

    /// <summary>Of the slots, in percent.</summary>
    public required double SharePercent { get; init; }

    /// <summary>What the table goes by; 0 for a member that is not in it.</summary>
    public required int Weight { get; init; }

    /// <summary>As measured; null when not known.</summary>
    public long? FlowCount { get; init; }

    /// <summary>As measured; null when not known.</summary>
    public long? BytesPerSecond { get; init; }

    /// <summary>What of a packet decides its slot.</summary>
    public required DistributionMode Mode { get; init; }

    public required bool Layer4 { get; init; }

    /// <summary>The table's version; it grows with every change.</summary>
    public required long TableVersion { get; init; }

    /// <summary>A sentence for each orchestrator that does not go by that table, its id first; the same in each line of a group, empty when all do.</summary>
    public IReadOnlyList<string> OutOfStep { get; init; } = [];

    public override string ToString() => Member;
}

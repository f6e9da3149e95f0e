namespace Maestro.Simulation.Scenarios;

/// <summary>How big the world is and who works on it.</summary>
internal sealed record WorldShape
{
    public required int Sites { get; init; }

    /// <summary>Members of each group at the beginning; groups are named g1, g2...</summary>
    public required IReadOnlyList<int> GroupSizes { get; init; }

    /// <summary>Gateways in the pool, of each site.</summary>
    public required int Spares { get; init; }

    /// <summary>Machines with a store of their own.</summary>
    public required int Machines { get; init; }

    /// <summary>What the stores lie on.</summary>
    public DiskKind Disk { get; init; }

    /// <summary>Controllers, dealt out to the machines in turn.</summary>
    public required int Controllers { get; init; }

    /// <summary>How many of the controllers watch, where controllers steer the groups as on Linux; null where orchestrators distribute by themselves.</summary>
    public int? Watches { get; init; }
}

internal enum DiskKind
{
    /// <summary>In memory: nothing of a write can be lost, and a history is quick.</summary>
    None,

    /// <summary>What it says it synced is kept when the power fails; of the rest, sector by sector, the dice decide.</summary>
    Honest,

    /// <summary>It says "synced" and keeps it in its cache.</summary>
    Lying,
}

internal enum EntryKind
{
    /// <summary>An operator or a runbook wants something.</summary>
    Do,

    /// <summary>Something goes wrong.</summary>
    Fault,
}

/// <summary>One thing that happens. What it hits follows from its salt alone, so that taking another entry out of a scenario changes nothing here.</summary>
/// <param name="At">When, from the beginning.</param>
/// <param name="Kind">Whether it is wanted.</param>
/// <param name="What">The name of a <see cref="Workload.Intent"/> or a <see cref="Faults.FaultKind"/>.</param>
/// <param name="Salt">Seeds its choices.</param>
internal sealed record ScenarioEntry(TimeSpan At, EntryKind Kind, string What, int Salt);

/// <summary>A whole history as data: the world, and all that happens in it.</summary>
internal sealed record Scenario
{
    public required int Seed { get; init; }

    public required TimeSpan Length { get; init; }

    public required WorldShape Shape { get; init; }

    /// <summary>In order of their time.</summary>
    public required IReadOnlyList<ScenarioEntry> Entries { get; init; }
}

using Maestro.Engine.Operations.Plans;

namespace Maestro.Engine.Clustering.Distribution;

/// <summary>The table to have, and why.</summary>
internal sealed record SlotDecision
{
    /// <summary>The one that was there, itself, when nothing is to be changed.</summary>
    public required SlotTable Table { get; init; }

    /// <summary>Slots that another member carries from now on.</summary>
    public required int Moved { get; init; }

    /// <summary>Slots whose state must be brought to a new backup, because it has none of it.</summary>
    public required int BackupsToFill { get; init; }

    public required IReadOnlyList<Decision> Reasons { get; init; }
}

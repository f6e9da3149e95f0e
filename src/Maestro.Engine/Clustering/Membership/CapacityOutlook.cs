namespace Maestro.Engine.Clustering.Membership;

/// <summary>What becomes of a group that loses its spare members.</summary>
internal sealed record CapacityOutlook
{
    /// <summary>The rest bear it.</summary>
    public required bool Holds { get; init; }

    /// <summary>How many members more may be lost; below zero exactly when it does not hold. By heads where some load is not known.</summary>
    public required int Margin { get; init; }

    /// <summary>Mean of now, in percent; null unless all of it is known.</summary>
    public double? LoadPercent { get; init; }

    /// <summary>Of each of the rest, in percent; null unless all of it is known and somebody is left.</summary>
    public double? LoadPercentAfterLoss { get; init; }

    /// <summary>The arithmetic.</summary>
    public required string Words { get; init; }
}

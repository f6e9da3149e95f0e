using Maestro.Engine.Clustering.Distribution;
using Maestro.Engine.Fabrics.Linux.Inventory;

namespace Maestro.Simulation.Steering;

/// <summary>An orchestrating host: the tables in its kernel, which it finds again on its disk after a loss of power.</summary>
internal sealed class SteeredOrchestrator(InventoryOrchestrator inventory)
{
    public InventoryOrchestrator Inventory { get; } = inventory;

    public string Id => Inventory.Host.Id;

    public bool IsUp { get; set; } = true;

    /// <summary>Of each group that it steers.</summary>
    public Dictionary<string, DistributionTable> Tables { get; } = new(StringComparer.Ordinal);

    /// <summary>Groups whose table may have moved on without it: it was down, or a controller died between it and its twin. Until it takes the next.</summary>
    public HashSet<string> Behind { get; } = new(StringComparer.Ordinal);
}

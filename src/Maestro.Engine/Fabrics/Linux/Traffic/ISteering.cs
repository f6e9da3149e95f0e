using Maestro.Engine.Clustering.Distribution;
using Maestro.Engine.Fabrics.Linux.Inventory;

namespace Maestro.Engine.Fabrics.Linux.Traffic;

/// <summary>The orchestrating hosts, each by itself: what it holds of a group, and how it takes another table.</summary>
internal interface ISteering
{
    InventoryFile Inventory { get; }

    /// <summary>What all hosts that steer say, without the tables themselves.</summary>
    Task<SteeringOverview> ListAsync(CancellationToken cancellation);

    /// <summary>What each host of the group holds of it.</summary>
    Task<IReadOnlyList<SteeringSight>> SeeAsync(SteeredGroup group, CancellationToken cancellation, TimeSpan? patience = null);

    /// <summary>What there does not belong to the table that the host goes by; empty when all does.</summary>
    string FaultOf(SteeredGroup group, SteeringSight seen);

    /// <summary>Makes one host steer by the table, if it still holds what was seen there.</summary>
    /// <param name="call">The call.</param>
    /// <param name="group">Whose table.</param>
    /// <param name="table">From now on.</param>
    /// <param name="seen">What was seen there.</param>
    /// <param name="isAhead">Another host does not get the table now: this one is to have the addresses before that one.</param>
    /// <param name="isHurried">Nothing but the table: a failover does not fail by its host's redundancy.</param>
    Task<Effect> WriteAsync(FabricCall call, SteeredGroup group, DistributionTable table, SteeringSight seen, bool isAhead, bool isHurried);

    /// <summary>Has one host give the addresses that neighbours send to to another one.</summary>
    Task<Effect> YieldAsync(FabricCall call, InventoryOrchestrator orchestrator);

    /// <summary>Takes the group's table away.</summary>
    Task<Effect> RemoveAsync(FabricCall call, SteeredGroup group);
}

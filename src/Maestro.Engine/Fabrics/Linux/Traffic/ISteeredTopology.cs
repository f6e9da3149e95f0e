using Maestro.Engine.Model.Groups;

namespace Maestro.Engine.Fabrics.Linux.Traffic;

/// <summary>A topology that can be looked at without waiting for members that are known to be lost.</summary>
internal interface ISteeredTopology : ITopology
{
    /// <summary>A look that waits for none of those who are lost.</summary>
    Task<TopologyView> ObserveSurvivorsAsync(FabricCall call, string securityGroup, IReadOnlyCollection<MemberId> lost);
}

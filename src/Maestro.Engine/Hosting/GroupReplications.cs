using Maestro.Engine.Fabrics;
using Maestro.Engine.Model.Distribution;
using Maestro.Engine.Model.Groups;
using Maestro.Engine.Operations.Running;

namespace Maestro.Engine.Hosting;

/// <summary>What can be asked about the copies of groups' connections.</summary>
internal sealed class GroupReplications(EngineParts parts, WorldObserver observer)
{
    /// <summary>A line a member, in the order of their ids.</summary>
    public async Task<IReadOnlyList<GroupStateSync>> ListAsync(string securityGroup, CancellationToken cancellation)
    {
        var replication = parts.Fabric.Replication ?? throw parts.Fabric.MissingFacet(FabricFacet.StateReplication);
        var world = await observer.ObserveAsync("", "", [], cancellation);
        var group = world.Group(securityGroup).Name;
        return
        [
            .. (await replication.ObserveAsync(group, cancellation)).Select(m =>
            {
                var id = MemberId.Parse(m.Member);
                return new GroupStateSync { Session = parts.Session, SecurityGroup = group, Member = m.Member, Site = id.Site, Number = id.Number, Owned = m.Owned, BackedUp = m.BackedUp, Lag = m.Lag, Unprotected = m.Unprotected, Reason = m.Reason };
            }),
        ];
    }
}

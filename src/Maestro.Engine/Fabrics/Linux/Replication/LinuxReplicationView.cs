using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Groups;

namespace Maestro.Engine.Fabrics.Linux.Replication;

/// <summary>Asks the members of a Linux group what they say of their copies.</summary>
internal sealed class LinuxReplicationView(LinuxHosts hosts, LinuxTopology topology) : IStateReplication
{
    public async Task<IReadOnlyList<MemberReplication>> ObserveAsync(string securityGroup, CancellationToken cancellation)
    {
        var view = await topology.ObserveAsync(TopologyScope.Deployed, cancellation);
        if (view.Groups.All(g => g.Name != securityGroup)) throw new MaestroException(ErrorCatalogue.GroupNotFound, $"No host carries a group '{securityGroup}'.", securityGroup);
        return await Task.WhenAll(view.Members.Where(m => m.SecurityGroup == securityGroup).OrderBy(m => new MemberId(m.Site, m.Number)).Select(async m =>
            StateSyncSight.Read(m.Member, await hosts.ReadAsync(m.Gateway, GatewayScripts.ObserveStateSync(), cancellation))));
    }
}

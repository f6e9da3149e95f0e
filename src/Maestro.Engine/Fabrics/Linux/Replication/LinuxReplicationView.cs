using Maestro.Engine.Clustering.Distribution;
using Maestro.Engine.Fabrics.Linux.Inventory;
using Maestro.Engine.Fabrics.Linux.Traffic;
using Maestro.Engine.Model.Groups;

namespace Maestro.Engine.Fabrics.Linux.Replication;

/// <summary>Asks the members of a Linux group what they say of their copies, and their kernels what is there.</summary>
internal sealed class LinuxReplicationView(LinuxHosts hosts, LinuxTopology topology, LinuxTables tables, LinuxConnections connections, StateSyncSettings settings, TimeProvider time) : IStateReplication
{
    /// <summary>After so long whatever lived at the first look has its copy, or is not going to have one.</summary>
    private TimeSpan CopiedWithin => TimeSpan.FromSeconds(settings.Delay + 2);

    public async Task<IReadOnlyList<MemberReplication>> ObserveAsync(string securityGroup, CancellationToken cancellation)
    {
        var group = await SteeredGroup.RequireAsync(topology, hosts.Inventory, securityGroup, cancellation);
        return await Task.WhenAll(group.Members.Select(async m => StateSyncSight.Read(m.Id.ToString(), await hosts.ReadAsync(m.Gateway.Host, GatewayScripts.ObserveStateSync(), cancellation))));
    }

    public async Task<IReadOnlyList<MissingCopies>> CompareAsync(string securityGroup, CancellationToken cancellation)
    {
        var group = await SteeredGroup.RequireAsync(topology, hosts.Inventory, securityGroup, cancellation);
        var first = await MissingAsync(group, cancellation);
        if (first.Count == 0) return [];
        await time.Delay(CopiedWithin, cancellation);
        var second = await MissingAsync(group, cancellation);
        return
        [
            .. second.Select(m => (Owner: m.Key, Both: first.TryGetValue(m.Key, out var before) ? m.Value.Intersect(before).ToList() : []))
                .Where(m => m.Both.Count > 0).Select(m => new MissingCopies(m.Owner.ToString(), m.Both.Count, m.Both[0])),
        ];
    }

    private async Task<SortedDictionary<MemberId, IReadOnlyList<string>>> MissingAsync(SteeredGroup group, CancellationToken cancellation)
    {
        var table = (await tables.FindAsync(group, cancellation)).Table;
        var seen = await connections.ListAsync(group.Members.Where(m => table.Slots.Members.Any(s => s.Id == m.Id)), cancellation);
        return CopyComparison.FindMissing(table, seen.Where(s => s.Fault is null).ToDictionary(s => s.Member.Id, s => s.Known), isExempt: c => settings.DelayOf(c.Flow) > settings.Delay);
    }
}

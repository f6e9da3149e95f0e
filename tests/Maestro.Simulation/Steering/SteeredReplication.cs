using Maestro.Engine.Clustering.Distribution;
using Maestro.Engine.Fabrics;
using Maestro.Engine.Fabrics.Linux.Inventory;
using Maestro.Engine.Fabrics.Linux.Replication;
using Maestro.Engine.Fabrics.Linux.Traffic;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Groups;

namespace Maestro.Simulation.Steering;

/// <summary>What the simulated members say of their copies, and what is in their kernels.</summary>
internal sealed class SteeredReplication(HostCalls hosts, LinuxTraffic traffic) : IStateReplication
{
    private static readonly TimeSpan CopiedWithin = TimeSpan.FromSeconds(StateSyncSettings.UsualDelay + 2);

    public async Task<IReadOnlyList<MemberReplication>> ObserveAsync(string securityGroup, CancellationToken cancellation) =>
        await Task.WhenAll(MembersOf(securityGroup).Select(host => hosts.AskAsync(host.Id, () => host.Gateway.Answers, () => Of(host), () => new MemberReplication { Member = host.Gateway.Member, Reason = "no answer" })));

    public async Task<IReadOnlyList<MissingCopies>> CompareAsync(string securityGroup, CancellationToken cancellation)
    {
        var first = await MissingAsync(securityGroup, cancellation);
        if (first.Count == 0) return [];
        await hosts.History.DelayAsync(CopiedWithin);
        await hosts.Process.PassAsync();
        var second = await MissingAsync(securityGroup, cancellation);
        return [.. second.Select(m => (m.Key, Both: first.TryGetValue(m.Key, out var before) ? m.Value.Intersect(before).ToList() : [])).Where(m => m.Both.Count > 0).Select(m => new MissingCopies(m.Key.ToString(), m.Both.Count, m.Both[0]))];
    }

    private List<SteeredHost> MembersOf(string securityGroup)
    {
        var members = hosts.World.Hosts.Where(h => h.Gateway.Group == securityGroup).OrderBy(h => h.Member).ToList();
        return members.Count > 0 ? members : throw new MaestroException(ErrorCatalogue.GroupNotFound, $"No host carries a group '{securityGroup}'.", securityGroup);
    }

    private MemberReplication Of(SteeredHost host) => new()
    {
        Member = host.Gateway.Member,
        Owned = hosts.World.Conversations.Count(c => c.IsKnownTo(host.Index) && (c.Copies & Conversation.Bit(host.Index)) == 0),
        BackedUp = hosts.World.Conversations.Count(c => (c.Copies & Conversation.Bit(host.Index)) != 0),
        Lag = TimeSpan.Zero,
        Unprotected = 0,
        Reason = host.Sends ? "" : "it has restarted, and sends no copies yet",
    };

    private async Task<SortedDictionary<MemberId, IReadOnlyList<string>>> MissingAsync(string securityGroup, CancellationToken cancellation)
    {
        var table = (await traffic.ObserveAsync(securityGroup, cancellation)).Table;
        var known = new Dictionary<MemberId, IReadOnlyDictionary<string, KnownConnection>>();
        foreach (var host in MembersOf(securityGroup).Where(h => h.Gateway.Answers && table.Slots.Members.Any(m => m.Id == h.Member)))
        {
            known[host.Member!.Value] = hosts.World.Conversations.Where(c => c.IsKnownTo(host.Index)).ToDictionary(c => c.Entry.Key, c => c.Entry, StringComparer.Ordinal);
        }

        return CopyComparison.FindMissing(table, known, isExempt: _ => false);
    }
}

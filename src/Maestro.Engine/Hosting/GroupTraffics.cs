using Maestro.Engine.Clustering.Distribution;
using Maestro.Engine.Fabrics;
using Maestro.Engine.Model.Distribution;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Groups;
using Maestro.Engine.Operations.Plans;
using Maestro.Engine.Operations.Running;

namespace Maestro.Engine.Hosting;

/// <summary>What can be asked about the distribution of groups.</summary>
internal sealed class GroupTraffics(EngineParts parts, WorldObserver observer)
{
    /// <summary>A line a member, those without slots included, in the order of their ids.</summary>
    public async Task<IReadOnlyList<GroupDistribution>> ListAsync(string securityGroup, CancellationToken cancellation)
    {
        var world = await observer.ObserveAsync("", "", [], cancellation);
        var group = world.Group(securityGroup).Name;
        var members = world.MembersOf(group).OrderBy(m => new MemberId(m.Site, m.Number)).ToList();
        // Who is silent has had the patience that it is due.
        List<MemberRef> answering = [.. members.Where(m => m.State is not (MemberState.Lost or MemberState.Unknown)).Select(MemberRef.Of)];
        var measuring = parts.Fabric.Measurements?.MeasureAsync(answering, cancellation) ?? Task.FromResult<IReadOnlyList<MemberTraffic>>([]);
        var observing = Traffic.ObserveAsync(group, cancellation);
        await Task.WhenAll(observing, measuring);
        var (traffic, measured) = (await observing, await measuring);
        var (slots, active, backups) = (traffic.Table.Slots, traffic.Table.Slots.CountActive(), traffic.Table.Slots.CountBackups());
        return
        [
            .. members.Select(member =>
            {
                var at = slots.IndexOf(new MemberId(member.Site, member.Number));
                var carried = measured.FirstOrDefault(m => m.Member == member.Member);
                return new GroupDistribution
                {
                    Session = parts.Session,
                    SecurityGroup = group,
                    Member = member.Member,
                    Site = member.Site,
                    Number = member.Number,
                    Slots = at < 0 ? 0 : active[at],
                    BackupSlots = at < 0 ? 0 : backups[at],
                    SlotCount = slots.SlotCount,
                    SharePercent = at < 0 ? 0 : Math.Round(100.0 * active[at] / slots.SlotCount, 1),
                    Weight = at < 0 ? 0 : slots.Members[at].Weight,
                    FlowCount = carried?.FlowCount,
                    BytesPerSecond = carried?.BytesPerSecond,
                    Mode = traffic.Table.Rules.Mode,
                    Layer4 = traffic.Table.Rules.Layer4,
                    TableVersion = slots.Version,
                    OutOfStep = traffic.OutOfStep,
                };
            }),
        ];
    }

    public async Task<FlowPlacement> ResolveAsync(string securityGroup, Flow flow, FlowSide side, bool hasSourcePort, bool hasDestinationPort, CancellationToken cancellation)
    {
        var world = await observer.ObserveAsync("", "", [], cancellation);
        return FlowResolver.Resolve(await Traffic.ObserveAsync(world.Group(securityGroup).Name, cancellation), flow, side, hasSourcePort, hasDestinationPort, parts.Session);
    }

    private ITraffic Traffic => parts.Fabric.Traffic ?? throw parts.Fabric.MissingFacet(FabricFacet.Traffic);
}

using Maestro.Engine.Clustering.Distribution;
using Maestro.Engine.Model.Groups;

namespace Maestro.Engine.Fabrics.Simulation.World;

/// <summary>
/// The table that the lab's orchestrators go by. As on the real ones nobody has to tell them who is up: they follow their members by themselves, the
/// slots of one that was lost to its backups, and take place when somebody looks.
/// </summary>
internal static class LabDistribution
{
    private const int BytesPerConnection = 9_000;

    /// <summary>Brings the group's table to where it is by now.</summary>
    /// <returns>Whether that changed it.</returns>
    public static bool Follow(LabState state, LabGroup group)
    {
        var before = Read(group);
        var members = state.MembersOf(group.Name).Where(g => g.Carries).Select(g => new SlotMember(MemberId.Parse(g.Member), Math.Min(LabTraffic.WeightOf(g), SlotMember.HighestWeight))).ToList();
        var slots = TableFollowing.Follow(before.Slots, members, Lost(state, group));
        if (ReferenceEquals(slots, before.Slots)) return false;
        group.Table = new DistributionTable(before.Rules, slots).Write();
        return true;
    }

    /// <summary>The group's table where it is by now, kept if that changed it.</summary>
    public static DistributionTable Current(LabWorld world, LabGroup group)
    {
        world.Life.Settle();
        if (Follow(world.State, group)) world.Keep();
        return Read(group);
    }

    public static DistributionTable Read(LabGroup group) =>
        group.Table.Length > 0 ? DistributionTable.Read(group.Table) : new DistributionTable(FlowRules.Default, SlotTable.Empty(SlotTable.DefaultSlotCount));

    /// <summary>What its members carry, in the order of the table.</summary>
    public static IReadOnlyList<MemberTraffic> Measure(LabState state, LabGroup group, SlotTable slots, DateTimeOffset now)
    {
        var members = state.MembersOf(group.Name).ToList();
        var all = LabTraffic.Of(members, state.Seed, now);
        var measured = new List<MemberTraffic>();
        foreach (var member in slots.Members)
        {
            if (members.FirstOrDefault(g => MemberId.Parse(g.Member) == member.Id) is not { } gateway) continue;
            var flows = LabTraffic.Connections(gateway, LabTraffic.Load(gateway, all));
            measured.Add(new MemberTraffic(gateway.Member, flows, flows * BytesPerConnection));
        }

        return measured;
    }

    // Out without a word: it hands nothing over.
    private static HashSet<MemberId> Lost(LabState state, LabGroup group) =>
        [.. state.MembersOf(group.Name).Where(g => g.UnreachableSince is not null || g.State is MemberState.Booting or MemberState.Down).Select(g => MemberId.Parse(g.Member))];
}

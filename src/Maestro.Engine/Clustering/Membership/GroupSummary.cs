using Maestro.Engine.Fabrics;
using Maestro.Engine.Model.Groups;

namespace Maestro.Engine.Clustering.Membership;

/// <summary>What follows from a view alone: counts, sites, the SMO Master (the active member with the lowest id; domain sheet section 5), the group's state.</summary>
internal static class GroupSummary
{
    public static TopologyView Complete(TopologyView view, IReadOnlyList<PendingChange> pending, IReadOnlyList<UnsettledGroup> unsettled, string session)
    {
        var members = view.Members.OrderBy(m => m.SecurityGroup, StringComparer.Ordinal).ThenBy(m => new MemberId(m.Site, m.Number)).ToList();
        var masters = members.Where(m => m.State == MemberState.Active).GroupBy(m => m.SecurityGroup).ToDictionary(g => g.Key, g => g.First().Member);
        var groups = view.Groups.OrderBy(g => g.Name, StringComparer.Ordinal).Select(g =>
        {
            var own = members.Where(m => m.SecurityGroup == g.Name).ToList();
            var pendingCount = pending.Count(p => p.SecurityGroup == g.Name);
            return g with
            {
                ActiveCount = own.Count(m => m.State is MemberState.Active or MemberState.Standby),
                MemberCount = own.Count,
                Site = [.. own.Select(m => m.Site).Distinct().OrderBy(s => s)],
                SmoMaster = masters.TryGetValue(g.Name, out var master) ? master : "",
                PendingCount = pendingCount,
                Hold = string.Join("; ", unsettled.Where(u => u.SecurityGroup == g.Name)),
                State = unsettled.Any(u => u.SecurityGroup == g.Name) ? SecurityGroupState.Unsettled : IsToBeMade(g, pending) ? SecurityGroupState.Pending : StateOf(own, pendingCount),
                Session = session,
            };
        }).ToList();
        return view with
        {
            Groups = groups,
            Members = [.. members.Select(m => m with { IsSmoMaster = masters.TryGetValue(m.SecurityGroup, out var master) && master == m.Member, Session = session })],
            Gateways = [.. view.Gateways.OrderBy(g => g.Id, StringComparer.Ordinal).Select(g => g with { Session = session })],
            Orchestrators = [.. view.Orchestrators.OrderBy(o => o.Id, StringComparer.Ordinal).Select(o => o with { Session = session })],
            Ports = [.. view.Ports.Select(p => p with { Session = session })],
        };
    }

    private static bool IsToBeMade(SecurityGroup group, IReadOnlyList<PendingChange> pending) =>
        pending.Any(p => p.SecurityGroup == group.Name && p.Property == nameof(PendingChange.SecurityGroup) && p.Pending == group.Name);

    private static SecurityGroupState StateOf(IReadOnlyList<GroupMember> members, int pendingCount)
    {
        if (members.Count == 0) return pendingCount > 0 ? SecurityGroupState.Pending : SecurityGroupState.Empty;
        if (members.All(m => m.State is MemberState.Active or MemberState.Standby)) return SecurityGroupState.Ready;
        var carries = members.Any(m => m.State is MemberState.Active or MemberState.Standby);
        if (members.Any(m => m.State is MemberState.Joining or MemberState.Booting or MemberState.Ready)) return carries ? SecurityGroupState.Degraded : SecurityGroupState.Joining;
        return carries ? SecurityGroupState.Degraded : SecurityGroupState.Down;
    }
}

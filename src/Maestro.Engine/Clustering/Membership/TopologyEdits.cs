using System.Globalization;
using Maestro.Engine.Fabrics;
using Maestro.Engine.Model.Fabric;
using Maestro.Engine.Model.Groups;

namespace Maestro.Engine.Clustering.Membership;

/// <summary>Whether an edit is already so in a view of the topology, and its words.</summary>
internal static class TopologyEdits
{
    /// <summary>The property of an edit that takes a member out whose gateway does not answer.</summary>
    public const string LeftBehind = "LeftBehind";

    public static bool IsSeen(TopologyEdit edit, TopologyView view)
    {
        var group = view.Groups.FirstOrDefault(g => g.Name == edit.SecurityGroup);
        var gateway = edit.Gateway.Length == 0 ? null : view.Gateways.FirstOrDefault(g => g.Id == edit.Gateway);
        return edit.Kind switch
        {
            TopologyEditKind.CreateGroup => group is not null,
            TopologyEditKind.DeleteGroup => group is null,
            TopologyEditKind.SetGroup => group is not null && Same(GroupProperty(group, edit.Property), edit.Value),
            TopologyEditKind.AssignGateway => gateway?.SecurityGroup == edit.SecurityGroup && gateway.State != GatewayState.Leaving,
            TopologyEditKind.UnassignGateway => gateway is not null && (gateway.SecurityGroup != edit.SecurityGroup || gateway.State == GatewayState.Leaving),
            TopologyEditKind.SetGateway => gateway is not null && gateway.Description == edit.Value,
            TopologyEditKind.SetMember => view.Members.FirstOrDefault(m => m.SecurityGroup == edit.SecurityGroup && m.Gateway == edit.Gateway) is { } member
                && Same(MemberProperty(member, edit.Property), edit.Value),
            _ => false,
        };
    }

    /// <summary>A gateway that the edits would take away from a group of which they say nothing: it became its member after they were planned.</summary>
    public static Gateway? FindTaken(IReadOnlyList<TopologyEdit> edits, TopologyView deployed) => edits
        .Where(e => e.Kind == TopologyEditKind.AssignGateway)
        .Select(e => deployed.Gateways.FirstOrDefault(g => g.Id == e.Gateway && g.SecurityGroup.Length > 0 && g.SecurityGroup != e.SecurityGroup && g.State != GatewayState.Leaving))
        .FirstOrDefault(g => g is not null && !edits.Any(e => e.Kind == TopologyEditKind.UnassignGateway && e.Gateway == g.Id && e.SecurityGroup == g.SecurityGroup));

    /// <summary>Whether it sets something of one who is no member, and whom the edits do not make one.</summary>
    public static bool IsOfFormer(TopologyEdit edit, IReadOnlyList<TopologyEdit> edits, TopologyView deployed) => edit.Kind == TopologyEditKind.SetMember
        && deployed.Members.All(m => m.SecurityGroup != edit.SecurityGroup || m.Gateway != edit.Gateway)
        && !edits.Any(e => e.Kind == TopologyEditKind.AssignGateway && e.SecurityGroup == edit.SecurityGroup && e.Gateway == edit.Gateway);

    /// <summary>The members whom the edits take out of a group that stays.</summary>
    public static IEnumerable<GroupMember> FindLeavers(IReadOnlyList<TopologyEdit> edits, IEnumerable<GroupMember> members)
    {
        var left = edits.Where(e => e.Kind == TopologyEditKind.UnassignGateway && !edits.Any(d => d.Kind == TopologyEditKind.DeleteGroup && d.SecurityGroup == e.SecurityGroup)).ToList();
        return members.Where(m => left.Any(e => e.SecurityGroup == m.SecurityGroup && e.Gateway == m.Gateway));
    }

    /// <summary>Whether the edit is of the very thing that is pending.</summary>
    public static bool Touches(TopologyEdit edit, PendingChange pending) => edit.Kind switch
    {
        TopologyEditKind.CreateGroup or TopologyEditKind.DeleteGroup => pending.Property == nameof(PendingChange.SecurityGroup) && pending.SecurityGroup == edit.SecurityGroup,
        TopologyEditKind.SetGroup => pending.Gateway.Length == 0 && pending.SecurityGroup == edit.SecurityGroup && pending.Property == edit.Property,
        TopologyEditKind.AssignGateway or TopologyEditKind.UnassignGateway => pending.Gateway == edit.Gateway && pending.Property == nameof(GroupMember.Member),
        TopologyEditKind.SetGateway => pending.Gateway == edit.Gateway && pending.Property == edit.Property,
        _ => edit.Gateway.Length > 0 && pending.Gateway == edit.Gateway && pending.Property == (edit.Property == nameof(GroupMember.Weight) ? edit.Property : "MemberDescription"),
    };

    public static string Describe(TopologyEdit edit) => edit.Kind switch
    {
        TopologyEditKind.CreateGroup => $"group {edit.SecurityGroup}",
        TopologyEditKind.DeleteGroup => $"removal of group {edit.SecurityGroup}",
        TopologyEditKind.SetGroup => $"{edit.Property} of group {edit.SecurityGroup}",
        TopologyEditKind.AssignGateway => $"{edit.Gateway} as {edit.Member} of {edit.SecurityGroup}",
        TopologyEditKind.UnassignGateway => $"{edit.Gateway} out of {edit.SecurityGroup}",
        TopologyEditKind.SetGateway => $"{edit.Property} of {edit.Gateway}",
        _ => $"{edit.Property} of member {edit.Member}",
    };

    /// <summary>The value of a group's property as edits write it; null for a property that views do not show.</summary>
    public static string? GroupProperty(SecurityGroup group, string property) => property switch
    {
        nameof(SecurityGroup.Description) => group.Description,
        nameof(SecurityGroup.Port) => string.Join(",", group.Port),
        nameof(SecurityGroup.ManagementAddress) => group.ManagementAddress,
        nameof(SecurityGroup.DefaultGateway) => group.DefaultGateway,
        nameof(SecurityGroup.Spare) => group.Spare.ToString(CultureInfo.InvariantCulture),
        nameof(SecurityGroup.CapacityCeiling) => group.CapacityCeiling.ToString(CultureInfo.InvariantCulture),
        _ => null,
    };

    public static string? MemberProperty(GroupMember member, string property) => property switch
    {
        nameof(GroupMember.Weight) => member.Weight?.ToString(CultureInfo.InvariantCulture) ?? "",
        nameof(GroupMember.Description) => member.Description,
        _ => null,
    };

    private static bool Same(string? seen, string wanted) => seen is not null && seen == wanted;
}

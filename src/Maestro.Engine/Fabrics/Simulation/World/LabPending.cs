using System.Globalization;
using Maestro.Engine.Clustering.Membership;
using Maestro.Engine.Model.Groups;

namespace Maestro.Engine.Fabrics.Simulation.World;

/// <summary>The pending topology against the deployed one, per property, with who staged it last.</summary>
internal static class LabPending
{
    private const string MemberDescription = "MemberDescription";

    private static readonly string[] GroupProperties =
    [
        nameof(SecurityGroup.Description), nameof(SecurityGroup.Port), nameof(SecurityGroup.ManagementAddress),
        nameof(SecurityGroup.DefaultGateway), nameof(SecurityGroup.Spare), nameof(SecurityGroup.CapacityCeiling),
    ];

    /// <summary>Groups by name, then gateways by id; nothing that is equal.</summary>
    public static IReadOnlyList<PendingChange> Differences(LabState state)
    {
        if (state.Pending.Count == 0) return [];
        var after = LabTopology.WithPending(state);
        var changes = new List<PendingChange>();
        foreach (var name in state.Groups.Concat(after.Groups).Select(g => g.Name).Distinct().OrderBy(n => n, StringComparer.Ordinal))
        {
            AddGroup(changes, state, name, state.FindGroup(name), after.FindGroup(name));
        }

        foreach (var (was, shall) in state.Gateways.Zip(after.Gateways, (a, b) => (a, b))) AddGateway(changes, state, was, shall);
        return changes;
    }

    /// <summary>Forgets edits that no longer make a difference: staged and taken back, or overtaken by an apply.</summary>
    public static void Prune(LabState state)
    {
        var wanted = Differences(state).Select(Key).ToList();
        state.Pending.RemoveAll(p => !wanted.Contains(Key(p.Edit)));
    }

    private static void AddGroup(List<PendingChange> changes, LabState state, string name, LabGroup? was, LabGroup? shall)
    {
        if ((was is null) != (shall is null)) Add(changes, state, new PendingChange { SecurityGroup = name, Property = nameof(SecurityGroup), Deployed = was?.Name ?? "", Pending = shall?.Name ?? "" });
        if (shall is null) return;
        var before = LabViews.Group(was ?? new LabGroup { Name = name });
        var then = LabViews.Group(shall);
        foreach (var property in GroupProperties)
        {
            var (old, next) = (TopologyEdits.GroupProperty(before, property) ?? "", TopologyEdits.GroupProperty(then, property) ?? "");
            if (old != next) Add(changes, state, new PendingChange { SecurityGroup = name, Property = property, Deployed = was is null ? "" : old, Pending = next });
        }
    }

    private static void AddGateway(List<PendingChange> changes, LabState state, LabGateway was, LabGateway shall)
    {
        var (place, next) = (Place(was), Place(shall));
        var group = shall.Group.Length > 0 ? shall.Group : was.Group;
        if (place != next) Add(changes, state, new PendingChange { SecurityGroup = group, Gateway = was.Id, Property = nameof(GroupMember.Member), Deployed = place, Pending = next });
        if (was.Description != shall.Description) Add(changes, state, new PendingChange { Gateway = was.Id, Property = nameof(SecurityGroup.Description), Deployed = was.Description, Pending = shall.Description });
        if (was.Weight != shall.Weight) Add(changes, state, new PendingChange { SecurityGroup = group, Gateway = was.Id, Property = nameof(GroupMember.Weight), Deployed = Text(was.Weight), Pending = Text(shall.Weight) });
        if (was.MemberDescription != shall.MemberDescription) Add(changes, state, new PendingChange { SecurityGroup = group, Gateway = was.Id, Property = MemberDescription, Deployed = was.MemberDescription, Pending = shall.MemberDescription });
    }

    private static void Add(List<PendingChange> changes, LabState state, PendingChange change)
    {
        var key = Key(change);
        // A group's removal sends its members back without an edit of their own.
        var by = state.Pending.LastOrDefault(p => Key(p.Edit) == key)
            ?? state.Pending.LastOrDefault(p => p.Edit.Kind == TopologyEditKind.DeleteGroup && p.Edit.SecurityGroup == change.SecurityGroup);
        changes.Add(change with { StagedBy = by?.StagedBy ?? "", StagedAt = by?.StagedAt, Operation = by?.OperationId ?? "" });
    }

    private static string Key(PendingChange change) => $"{(change.Gateway.Length > 0 ? "" : change.SecurityGroup)}/{change.Gateway}/{change.Property}";

    private static string Key(TopologyEdit edit) => edit.Kind switch
    {
        TopologyEditKind.CreateGroup or TopologyEditKind.DeleteGroup => $"{edit.SecurityGroup}//{nameof(SecurityGroup)}",
        TopologyEditKind.SetGroup => $"{edit.SecurityGroup}//{edit.Property}",
        TopologyEditKind.SetGateway => $"/{edit.Gateway}/{nameof(SecurityGroup.Description)}",
        TopologyEditKind.SetMember => $"/{edit.Gateway}/{(edit.Property == nameof(GroupMember.Weight) ? edit.Property : MemberDescription)}",
        _ => $"/{edit.Gateway}/{nameof(GroupMember.Member)}",
    };

    private static string Place(LabGateway gateway) => gateway.Group.Length == 0 ? "" : $"{gateway.Group} {gateway.Member}";

    private static string Text(int? weight) => weight?.ToString(CultureInfo.InvariantCulture) ?? "";
}

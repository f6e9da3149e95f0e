using System.Globalization;
using Maestro.Engine.Model.Groups;

namespace Maestro.Engine.Fabrics.Simulation.World;

/// <summary>What an edit does to a topology, deployed or pending.</summary>
internal static class LabTopology
{
    /// <summary>The state as it would be after an apply; gateways' lives are not part of it.</summary>
    public static LabState WithPending(LabState state)
    {
        var copy = new LabState
        {
            Seed = state.Seed,
            Now = state.Now,
            LastGroupId = state.LastGroupId,
            Orchestrators = state.Orchestrators,
            Ports = state.Ports,
            Gateways = [.. state.Gateways.Select(g => g.Copy())],
            Groups = [.. state.Groups.Select(g => g.Copy())],
        };
        foreach (var pending in state.Pending) Apply(copy, pending.Edit);
        return copy;
    }

    public static void Apply(LabState state, TopologyEdit edit)
    {
        var group = state.Groups.FirstOrDefault(g => g.Name == edit.SecurityGroup);
        var gateway = state.Gateways.FirstOrDefault(g => g.Id == edit.Gateway);
        switch (edit.Kind)
        {
            case TopologyEditKind.CreateGroup when group is null:
                state.Groups.Add(new LabGroup { Id = ++state.LastGroupId, Name = edit.SecurityGroup });
                break;

            case TopologyEditKind.DeleteGroup when group is not null:
                state.Groups.Remove(group);
                break;

            case TopologyEditKind.SetGroup when group is not null:
                Set(group, edit.Property, edit.Value);
                break;

            case TopologyEditKind.AssignGateway when gateway is not null:
                gateway.Group = edit.SecurityGroup;
                gateway.Member = edit.Member;
                break;

            case TopologyEditKind.UnassignGateway when gateway is not null && gateway.Group == edit.SecurityGroup:
                gateway.Group = "";
                gateway.Member = "";
                gateway.State = MemberState.Detached;
                break;

            case TopologyEditKind.SetGateway when gateway is not null:
                gateway.Description = edit.Value;
                break;

            case TopologyEditKind.SetMember when gateway is not null && edit.Property == nameof(GroupMember.Weight):
                gateway.Weight = edit.Value.Length == 0 ? null : int.Parse(edit.Value, CultureInfo.InvariantCulture);
                break;

            case TopologyEditKind.SetMember when gateway is not null:
                gateway.MemberDescription = edit.Value;
                break;
        }
    }

    private static void Set(LabGroup group, string property, string value)
    {
        switch (property)
        {
            case nameof(SecurityGroup.Description): group.Description = value; break;
            case nameof(SecurityGroup.Port): group.Ports = [.. value.Split([','], StringSplitOptions.RemoveEmptyEntries)]; break;
            case nameof(SecurityGroup.ManagementAddress): group.ManagementAddress = value; break;
            case nameof(SecurityGroup.DefaultGateway): group.DefaultGateway = value; break;
            case nameof(SecurityGroup.Spare): group.Spare = int.Parse(value, CultureInfo.InvariantCulture); break;
            case nameof(SecurityGroup.CapacityCeiling): group.CapacityCeiling = int.Parse(value, CultureInfo.InvariantCulture); break;
        }
    }
}

using System.Globalization;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Fabric;
using Maestro.Engine.Model.Groups;

namespace Maestro.Engine.Fabrics.Simulation.World;

/// <summary>What edits do to a topology, deployed or pending, and which of them an orchestrator refuses.</summary>
internal static class LabTopology
{
    /// <summary>The state as it would be after an apply; gateways' lives are not part of it.</summary>
    public static LabState WithPending(LabState state)
    {
        var copy = new LabState
        {
            Seed = state.Seed,
            Now = state.Now,
            Orchestrators = state.Orchestrators,
            Ports = state.Ports,
            Gateways = [.. state.Gateways.Select(g => g.Copy())],
            Groups = [.. state.Groups.Select(g => g.Copy())],
        };
        foreach (var pending in state.Pending) Apply(copy, pending.Edit);
        return copy;
    }

    /// <summary>Why an orchestrator would not take the edit into this (pending) topology of a deployed one; null when it does.</summary>
    public static Effect? Judge(LabState deployed, LabState state, TopologyEdit edit)
    {
        if (edit.Kind is not (TopologyEditKind.CreateGroup or TopologyEditKind.SetGateway or TopologyEditKind.UnassignGateway) && state.FindGroup(edit.SecurityGroup) is null)
        {
            return edit.Kind == TopologyEditKind.DeleteGroup ? null : Effect.Refused($"there is no group '{edit.SecurityGroup}'", ErrorCatalogue.GroupNotFound);
        }

        if (edit.Gateway.Length > 0 && state.FindGateway(edit.Gateway) is null) return Effect.Refused($"there is no gateway {edit.Gateway}", ErrorCatalogue.GatewayNotFound);
        return edit.Kind switch
        {
            TopologyEditKind.CreateGroup => GroupName.IsValid(edit.SecurityGroup) ? null : Effect.Refused($"'{edit.SecurityGroup}' cannot be a group's name", ErrorCatalogue.GroupNameInvalid),
            TopologyEditKind.SetGroup => JudgeProperty(state, edit),
            TopologyEditKind.AssignGateway => JudgeAssignment(deployed, state, edit),
            TopologyEditKind.SetMember => JudgeMember(state, edit),
            TopologyEditKind.SetGateway when edit.Property != nameof(Gateway.Description) => Unknown(edit),
            _ => null,
        };
    }

    public static void Apply(LabState state, TopologyEdit edit)
    {
        var group = state.FindGroup(edit.SecurityGroup);
        var gateway = state.FindGateway(edit.Gateway);
        switch (edit.Kind)
        {
            case TopologyEditKind.CreateGroup when group is null:
                state.Groups.Add(new LabGroup { Id = LowestFreeId(state), Name = edit.SecurityGroup });
                break;

            case TopologyEditKind.DeleteGroup when group is not null:
                state.Groups.Remove(group);
                foreach (var member in state.Gateways.Where(g => g.Group == group.Name)) Unassign(member);
                break;

            case TopologyEditKind.SetGroup when group is not null:
                Set(group, edit.Property, edit.Value);
                break;

            case TopologyEditKind.AssignGateway when gateway is not null && group is not null:
                gateway.Group = edit.SecurityGroup;
                gateway.Member = edit.Member;
                if (gateway.State == MemberState.Leaving) gateway.State = MemberState.Detached;
                break;

            case TopologyEditKind.UnassignGateway when gateway is not null && gateway.Group == edit.SecurityGroup:
                Unassign(gateway);
                break;

            case TopologyEditKind.SetGateway when gateway is not null:
                gateway.Description = edit.Value;
                break;

            case TopologyEditKind.SetMember when FindMember(state, edit) is { } member:
                if (edit.Property == nameof(GroupMember.Weight)) member.Weight = edit.Value.Length == 0 ? null : int.Parse(edit.Value, CultureInfo.InvariantCulture);
                else member.MemberDescription = edit.Value;
                break;
        }
    }

    /// <summary>The lowest number of the gateway's site that no gateway of the group has, deployed or pending: who leaves in what is pending may stay after all.</summary>
    private static string LowestFreeMember(LabState deployed, LabState state, string group, int site)
    {
        var number = 1;
        while (Has(state, group, new MemberId(site, number).ToString()) is not null || Has(deployed, group, new MemberId(site, number).ToString()) is not null) number++;
        return new MemberId(site, number).ToString();
    }

    /// <summary>The edit with what its author left open filled in, so that it means the same however long it is pending.</summary>
    public static TopologyEdit Complete(LabState deployed, LabState state, TopologyEdit edit) => edit.Kind switch
    {
        TopologyEditKind.AssignGateway when edit.Member.Length == 0 && state.FindGateway(edit.Gateway) is { } gateway =>
            edit with { Member = LowestFreeMember(deployed, state, edit.SecurityGroup, gateway.Site) },
        TopologyEditKind.SetMember when edit.Gateway.Length == 0 && FindMember(state, edit) is { } member => edit with { Gateway = member.Id },
        _ => edit,
    };

    private static LabGateway? FindMember(LabState state, TopologyEdit edit) =>
        state.Gateways.FirstOrDefault(g => g.Group == edit.SecurityGroup && (edit.Gateway.Length > 0 ? g.Id == edit.Gateway : g.Member == edit.Member));

    private static void Unassign(LabGateway gateway)
    {
        gateway.Group = "";
        gateway.Member = "";
    }

    private static int LowestFreeId(LabState state)
    {
        var id = 1;
        while (state.Groups.Any(g => g.Id == id)) id++;
        return id;
    }

    private static void Set(LabGroup group, string property, string value)
    {
        switch (property)
        {
            case nameof(SecurityGroup.Description): group.Description = value; break;
            case nameof(SecurityGroup.Port): group.Ports = [.. Split(value)]; break;
            case nameof(SecurityGroup.ManagementAddress): group.ManagementAddress = value; break;
            case nameof(SecurityGroup.DefaultGateway): group.DefaultGateway = value; break;
            case nameof(SecurityGroup.Spare): group.Spare = int.Parse(value, CultureInfo.InvariantCulture); break;
            case nameof(SecurityGroup.CapacityCeiling): group.CapacityCeiling = int.Parse(value, CultureInfo.InvariantCulture); break;
        }
    }

    private static Effect? JudgeProperty(LabState state, TopologyEdit edit) => edit.Property switch
    {
        nameof(SecurityGroup.Port) => Split(edit.Value).Select(p => JudgePort(state, edit.SecurityGroup, p)).FirstOrDefault(e => e is not null),
        nameof(SecurityGroup.Spare) or nameof(SecurityGroup.CapacityCeiling) => IsNumber(edit.Value, 0, 100) ? null : Invalid(edit),
        nameof(SecurityGroup.Description) or nameof(SecurityGroup.ManagementAddress) or nameof(SecurityGroup.DefaultGateway) => null,
        _ => Unknown(edit),
    };

    private static Effect? JudgePort(LabState state, string group, string id)
    {
        if (state.Ports.FirstOrDefault(p => p.Id == id) is not { } port) return Effect.Refused($"there is no port {id}", ErrorCatalogue.PortNotFound);
        if (port.Type is not (PortType.Uplink or PortType.Management)) return Effect.Refused($"port {id} is a {port.Type}: a group takes uplinks and management ports", ErrorCatalogue.ParameterInvalid);
        // The management port is shared between groups; an uplink is not, for the lab has no VLANs that would tell them apart.
        var owner = port.Type == PortType.Management ? null : state.Groups.FirstOrDefault(g => g.Name != group && g.Ports.Contains(id));
        return owner is null ? null : Effect.Refused($"port {id} belongs to '{owner.Name}'", ErrorCatalogue.PortInUse);
    }

    private static Effect? JudgeAssignment(LabState deployed, LabState state, TopologyEdit edit)
    {
        var gateway = state.FindGateway(edit.Gateway);
        if (gateway is null) return Effect.Refused("no gateway is named", ErrorCatalogue.GatewayNotFound);
        if (edit.Member.Length == 0) return null;
        if (!MemberId.TryParse(edit.Member, out var id) || id.Site != gateway.Site) return Effect.Refused($"'{edit.Member}' cannot be the member id of a gateway of site {gateway.Site.ToString(CultureInfo.InvariantCulture)}", ErrorCatalogue.ParameterInvalid);
        var other = new[] { state, deployed }.Select(s => Has(s, edit.SecurityGroup, edit.Member)).FirstOrDefault(o => o is not null && o.Id != gateway.Id);
        return other is null ? null : Effect.Refused($"{edit.Member} of '{edit.SecurityGroup}' is {other.Id}", ErrorCatalogue.PendingConflict);
    }

    private static Effect? JudgeMember(LabState state, TopologyEdit edit)
    {
        if (FindMember(state, edit) is null) return Effect.Refused($"'{edit.SecurityGroup}' has no member {(edit.Member.Length > 0 ? edit.Member : edit.Gateway)}", ErrorCatalogue.MemberNotFound);
        return edit.Property switch
        {
            nameof(GroupMember.Weight) => edit.Value.Length == 0 || IsNumber(edit.Value, 0, 512) ? null : Invalid(edit),
            nameof(GroupMember.Description) => null,
            _ => Unknown(edit),
        };
    }

    /// <summary>Who has that member id, still or already.</summary>
    private static LabGateway? Has(LabState state, string group, string member) =>
        state.Gateways.FirstOrDefault(g => (g.Group == group && g.Member == member) || (g.LeavingGroup == group && g.LeavingMember == member));

    private static IEnumerable<string> Split(string list) => list.Split([','], StringSplitOptions.RemoveEmptyEntries);

    private static bool IsNumber(string text, int lowest, int highest) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= lowest && number <= highest;

    private static Effect Invalid(TopologyEdit edit) => Effect.Refused($"'{edit.Value}' is no {edit.Property}", ErrorCatalogue.ParameterInvalid);

    private static Effect Unknown(TopologyEdit edit) => Effect.Refused($"{edit.Kind} knows no property '{edit.Property}'", ErrorCatalogue.ParameterInvalid);
}

using System.Globalization;
using Maestro.Engine.Clustering.Distribution.Nat;
using Maestro.Engine.Fabrics;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Fabric;
using Maestro.Engine.Model.Groups;
using Maestro.Engine.Operations.Plans;

namespace Maestro.Engine.Clustering.Membership;

/// <summary>A new group, its first members included in the same apply.</summary>
public sealed record NewGroupChange : ChangeRequest
{
    public override string Kind => "NewSecurityGroup";

    public override string SecurityGroup => Name;

    public required string Name { get; init; }

    public IReadOnlyList<string> Gateways { get; init; } = [];

    /// <summary>Port ids or names; empty: the free uplinks of the gateways' sites where there are ports.</summary>
    public IReadOnlyList<string> Ports { get; init; } = [];

    public string Description { get; init; } = "";

    public string ManagementAddress { get; init; } = "";

    public string DefaultGateway { get; init; } = "";

    public bool StageOnly { get; init; }

    public override Plan Plan(ObservedWorld world)
    {
        if (!GroupName.IsValid(Name))
        {
            throw new MaestroException(ErrorCatalogue.GroupNameInvalid, $"'{Name}' cannot be a group's name.", Name);
        }

        if (world.Deployed.Groups.Concat(world.PendingTopology.Groups).Any(g => string.Equals(g.Name, Name, StringComparison.OrdinalIgnoreCase)))
        {
            throw new MaestroException(ErrorCatalogue.GroupExists, $"There is a Security Group '{Name}' already.", Name);
        }

        if (world.Traits.GroupNeedsGateway && Gateways.Count == 0)
        {
            throw new MaestroException(ErrorCatalogue.ParameterInvalid, "On this fabric a group needs a gateway from its first moment.", Name, "Add -Gateway.");
        }

        var edits = new List<TopologyEdit> { new(TopologyEditKind.CreateGroup, Name) };
        var decisions = new List<Decision> { new($"group '{Name}'", "is made") };
        var restore = new List<TopologyEdit>();
        Set(edits, nameof(Description), Description);
        Set(edits, nameof(ManagementAddress), ManagementAddress);
        Set(edits, nameof(DefaultGateway), DefaultGateway);

        var joiners = new List<MemberRef>();
        var taken = new HashSet<MemberId>();
        var gateways = Gateways.Select(id => MembershipPlan.Gateway(world, id)).OrderBy(g => g.Site).ThenBy(g => g.Id, StringComparer.Ordinal).ToList();
        foreach (var gateway in gateways)
        {
            RequireFree(world, gateway);
            var id = MembershipPlan.NextFree(world, Name, gateway.Site, taken).ToString();
            decisions.Add(new Decision($"gateway {gateway.Id}", $"joins '{Name}' as {id}"));
            joiners.Add(new MemberRef(Name, id, gateway.Id));
            edits.Add(new TopologyEdit(TopologyEditKind.AssignGateway, Name, gateway.Id, id));
            restore.Add(new TopologyEdit(TopologyEditKind.UnassignGateway, Name, gateway.Id, id));
        }

        var ports = PortChoice.Choose(world, Name, Ports, [.. gateways.Select(g => g.Site).Distinct()], decisions);
        if (ports.Count > 0) edits.Add(new TopologyEdit(TopologyEditKind.SetGroup, Name, Property: "Port", Value: string.Join(",", ports)));
        restore.Add(new TopologyEdit(TopologyEditKind.DeleteGroup, Name));

        var warnings = StageOnly ? [] : MembershipPlan.RequireNoForeignChange(world);
        var stages = MembershipPlan.Change(world, edits, restore, StageOnly).ToList();
        if (!StageOnly) stages.AddRange(MembershipPlan.Join(world, joiners, _ => null));
        return new Plan
        {
            Kind = Kind,
            SecurityGroup = Name,
            Resources = MembershipPlan.Resources(Name),
            Participants = joiners,
            Stages = stages,
            Decisions = decisions,
            Warnings = warnings,
            FailurePolicy = FailurePolicy.Rollback,
        };
    }

    private void Set(List<TopologyEdit> edits, string property, string value)
    {
        if (value.Length > 0) edits.Add(new TopologyEdit(TopologyEditKind.SetGroup, Name, Property: property, Value: value));
    }

    private static void RequireFree(ObservedWorld world, Gateway gateway)
    {
        if (gateway.SecurityGroup.Length > 0)
        {
            throw new MaestroException(ErrorCatalogue.GatewayInUse, $"Gateway {gateway.Id} is member {gateway.Member} of '{gateway.SecurityGroup}'. It stays there.", gateway.Id);
        }

        if (gateway.State == GatewayState.Unreachable)
        {
            throw new MaestroException(ErrorCatalogue.MemberUnreachable, $"Gateway {gateway.Id} ({gateway.Address}) does not answer: {gateway.Reason}.", gateway.Id);
        }

        if (world.PendingTopology.Gateways.FirstOrDefault(g => g.Id == gateway.Id) is { SecurityGroup.Length: > 0 } pending)
        {
            throw new MaestroException(ErrorCatalogue.PendingConflict, $"Gateway {gateway.Id} is pending for '{pending.SecurityGroup}'.", gateway.Id);
        }
    }
}

/// <summary>New properties of a group. Null leaves one alone.</summary>
public sealed record SetGroupChange : ChangeRequest
{
    public override string Kind => "SetSecurityGroup";

    public override string SecurityGroup => Group;

    public required string Group { get; init; }

    public string? Description { get; init; }

    public IReadOnlyList<string> AddPorts { get; init; } = [];

    public IReadOnlyList<string> RemovePorts { get; init; } = [];

    public string? ManagementAddress { get; init; }

    public string? DefaultGateway { get; init; }

    /// <summary>0 or more: how many members may be lost without overload.</summary>
    public int? Spare { get; init; }

    /// <summary>1..100 percent.</summary>
    public int? CapacityCeiling { get; init; }

    public bool StageOnly { get; init; }

    internal override NatQuestion? Nat => AddPorts.Count == 0 ? null : new NatQuestion { Groups = [Group] };

    public override Plan Plan(ObservedWorld world)
    {
        var group = world.Group(Group);
        var edits = new List<TopologyEdit>();
        var restore = new List<TopologyEdit>();
        var decisions = new List<Decision>();
        Set(nameof(Description), Description);
        Set(nameof(ManagementAddress), ManagementAddress);
        Set(nameof(DefaultGateway), DefaultGateway);
        Set(nameof(Spare), Spare?.ToString(CultureInfo.InvariantCulture));
        Set(nameof(CapacityCeiling), CapacityCeiling?.ToString(CultureInfo.InvariantCulture));
        var ports = AddPorts.Count > 0 || RemovePorts.Count > 0 ? PortChoice.Change(world, group, AddPorts, RemovePorts) : group.Port;
        if (AddPorts.Count > 0 || RemovePorts.Count > 0) Set("Port", string.Join(",", ports));
        var finding = NatGate.Require(world, group, [], ports: ports);
        decisions.AddRange(finding.Decisions);

        return new Plan
        {
            Kind = Kind,
            SecurityGroup = group.Name,
            Resources = MembershipPlan.Resources(group.Name),
            Participants = MembershipPlan.Refs(world, group.Name),
            Stages = [.. MembershipPlan.Change(world, edits, restore, StageOnly)],
            Decisions = decisions,
            Warnings = [.. edits.Count > 0 && !StageOnly ? MembershipPlan.RequireNoForeignChange(world) : [], .. finding.Warnings],
            FailurePolicy = FailurePolicy.Rollback,
        };

        void Set(string property, string? value)
        {
            if (value is null) return;
            var before = TopologyEdits.GroupProperty(group, property) ?? "";
            if (before == value)
            {
                decisions.Add(new Decision($"group '{group.Name}'", $"{property} is '{value}' already", Acts: false));
                return;
            }

            decisions.Add(new Decision($"group '{group.Name}'", $"{property} becomes '{value}' (was '{before}')"));
            edits.Add(new TopologyEdit(TopologyEditKind.SetGroup, group.Name, Property: property, Value: value));
            restore.Add(new TopologyEdit(TopologyEditKind.SetGroup, group.Name, Property: property, Value: before));
        }
    }
}

/// <summary>A group ends; its members go back to the pool.</summary>
public sealed record RemoveGroupChange : ChangeRequest
{
    public override string Kind => "RemoveSecurityGroup";

    public override string SecurityGroup => Group;

    public required string Group { get; init; }

    public bool StageOnly { get; init; }

    public override Plan Plan(ObservedWorld world)
    {
        var group = world.Group(Group);
        var members = world.MembersOf(group.Name).Select(m => RemoveMembersChange.Judge(world, group.Name, m.Member)).ToList();
        var edits = members.Select(m => RemoveMembersChange.Unassign(m, keepPolicy: false))
            .Append(new TopologyEdit(TopologyEditKind.DeleteGroup, group.Name)).ToList();
        var decisions = members.Select(m => RemoveMembersChange.Decide(m, $"{m.Gateway} goes back to the pool"))
            .Append(new Decision($"group '{group.Name}'", "is removed")).ToList();
        var stages = MembershipPlan.Change(world, edits, restore: [], StageOnly).ToList();
        if (!StageOnly && members.Count > 0) stages.Add(MembershipPlan.Leave([.. members.Select(MemberRef.Of)]));
        return new Plan
        {
            Kind = Kind,
            SecurityGroup = group.Name,
            Resources = MembershipPlan.Resources(group.Name),
            Participants = [.. members.Where(m => !RemoveMembersChange.IsLeftBehind(m)).Select(MemberRef.Of)],
            Stages = stages,
            Decisions = decisions,
            Warnings = [.. RemoveMembersChange.LeftBehind(members), .. StageOnly ? [] : MembershipPlan.RequireNoForeignChange(world)],
            FailurePolicy = FailurePolicy.Rollback,
        };
    }
}

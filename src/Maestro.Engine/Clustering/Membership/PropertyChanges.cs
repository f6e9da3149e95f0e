using System.Globalization;
using Maestro.Engine.Fabrics;
using Maestro.Engine.Model.Groups;
using Maestro.Engine.Operations.Leases;
using Maestro.Engine.Operations.Plans;

namespace Maestro.Engine.Clustering.Membership;

/// <summary>New properties of members. Null leaves one alone.</summary>
public sealed record SetMembersChange : ChangeRequest
{
    public override string Kind => "SetGroupMember";

    public override string SecurityGroup => Group;

    public required string Group { get; init; }

    public required IReadOnlyList<string> Members { get; init; }

    /// <summary>0..512 as text, empty for by cores, null to leave alone.</summary>
    public string? Weight { get; init; }

    public string? Description { get; init; }

    public override Plan Plan(ObservedWorld world)
    {
        var group = world.Group(Group);
        var edits = new List<TopologyEdit>();
        var restore = new List<TopologyEdit>();
        var decisions = new List<Decision>();
        foreach (var member in Members.Select(m => world.Member(group.Name, m)).OrderBy(m => new MemberId(m.Site, m.Number)))
        {
            Set(member, nameof(GroupMember.Weight), Weight);
            Set(member, nameof(GroupMember.Description), Description);
        }

        return new Plan
        {
            Kind = Kind,
            SecurityGroup = group.Name,
            Resources = MembershipPlan.Resources(group.Name),
            Participants = MembershipPlan.Refs(world, group.Name),
            Stages = [.. MembershipPlan.Change(world, edits, restore, stageOnly: false)],
            Decisions = decisions,
            Warnings = edits.Count > 0 ? MembershipPlan.RequireNoForeignChange(world) : [],
            FailurePolicy = FailurePolicy.Rollback,
        };

        void Set(GroupMember member, string property, string? value)
        {
            if (value is null) return;
            var before = TopologyEdits.MemberProperty(member, property) ?? "";
            if (before == value)
            {
                decisions.Add(new Decision($"member {member.Member}", $"{property} is '{value}' already", Acts: false));
                return;
            }

            decisions.Add(new Decision($"member {member.Member}", $"{property} becomes '{value}' (was '{before}')"));
            edits.Add(new TopologyEdit(TopologyEditKind.SetMember, group.Name, member.Gateway, member.Member, property, value));
            restore.Add(new TopologyEdit(TopologyEditKind.SetMember, group.Name, member.Gateway, member.Member, property, before));
        }
    }
}

/// <summary>New descriptions of gateways.</summary>
public sealed record SetGatewaysChange : ChangeRequest
{
    public override string Kind => "SetGateway";

    public override string SecurityGroup => "";

    public required IReadOnlyList<string> Gateways { get; init; }

    public required string Description { get; init; }

    public bool StageOnly { get; init; }

    public override Plan Plan(ObservedWorld world)
    {
        var edits = new List<TopologyEdit>();
        var restore = new List<TopologyEdit>();
        var decisions = new List<Decision>();
        foreach (var gateway in Gateways.Select(id => MembershipPlan.Gateway(world, id)).OrderBy(g => g.Id, StringComparer.Ordinal))
        {
            if (gateway.Description == Description)
            {
                decisions.Add(new Decision($"gateway {gateway.Id}", $"is described as '{Description}' already", Acts: false));
                continue;
            }

            decisions.Add(new Decision($"gateway {gateway.Id}", $"is described as '{Description}' (was '{gateway.Description}')"));
            edits.Add(new TopologyEdit(TopologyEditKind.SetGateway, "", gateway.Id, Property: "Description", Value: Description));
            restore.Add(new TopologyEdit(TopologyEditKind.SetGateway, "", gateway.Id, Property: "Description", Value: gateway.Description));
        }

        return new Plan
        {
            Kind = Kind,
            Resources = [Resource.Topology],
            Stages = [.. MembershipPlan.Change(world, edits, restore, StageOnly)],
            Decisions = decisions,
            Warnings = edits.Count > 0 && !StageOnly ? MembershipPlan.RequireNoForeignChange(world) : [],
            FailurePolicy = FailurePolicy.Rollback,
        };
    }
}

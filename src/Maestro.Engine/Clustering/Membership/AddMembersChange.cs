using Maestro.Engine.Clustering.Distribution.Nat;
using Maestro.Engine.Fabrics;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Fabric;
using Maestro.Engine.Model.Groups;
using Maestro.Engine.Operations.Plans;

namespace Maestro.Engine.Clustering.Membership;

/// <summary>Gateways become members of a group, all in one apply.</summary>
public sealed record AddMembersChange : ChangeRequest
{
    public override string Kind => "AddGroupMember";

    public override string SecurityGroup => Group;

    /// <summary>The group's name.</summary>
    public required string Group { get; init; }

    public required IReadOnlyList<string> Gateways { get; init; }

    /// <summary>0..512; null by cores.</summary>
    public int? Weight { get; init; }

    /// <summary>The member that the one new gateway takes over from; empty for none.</summary>
    public string Replace { get; init; } = "";

    public bool StageOnly { get; init; }

    internal override NatQuestion? Nat => new() { Groups = [Group] };

    /// <summary>Judges one gateway for one group.</summary>
    /// <returns>Null when it may join; the member when it is one already.</returns>
    /// <exception cref="MaestroException"><c>GatewayNotFound</c>, <c>GatewayInUse</c>, <c>MemberUnreachable</c>, <c>GroupNotFound</c>.</exception>
    public static GroupMember? Judge(ObservedWorld world, string group, string gatewayId)
    {
        var name = world.Group(group).Name;
        return Judge(world, name, MembershipPlan.Gateway(world, gatewayId));
    }

    public override Plan Plan(ObservedWorld world)
    {
        var group = world.Group(Group);
        var joiners = new List<MemberRef>();
        var edits = new List<TopologyEdit>();
        var restore = new List<TopologyEdit>();
        var decisions = new List<Decision>();
        var taken = new HashSet<MemberId>();
        foreach (var gateway in Gateways.Select(id => MembershipPlan.Gateway(world, id)).OrderBy(g => g.Site).ThenBy(g => g.Id, StringComparer.Ordinal))
        {
            if (Judge(world, group.Name, gateway) is { } member)
            {
                if (member.State is MemberState.Active or MemberState.Standby or MemberState.Suspended)
                {
                    decisions.Add(new Decision($"gateway {gateway.Id}", $"is member {member.Member} already", Acts: false));
                    continue;
                }

                decisions.Add(new Decision($"gateway {gateway.Id}", $"is member {member.Member} but {member.State}: see it in"));
                joiners.Add(MemberRef.Of(member));
                continue;
            }

            var id = MembershipPlan.NextFree(world, group.Name, gateway.Site, taken).ToString();
            decisions.Add(new Decision($"gateway {gateway.Id}", $"joins '{group.Name}' as {id}"));
            joiners.Add(new MemberRef(group.Name, id, gateway.Id));
            edits.Add(new TopologyEdit(TopologyEditKind.AssignGateway, group.Name, gateway.Id, id));
            restore.Add(new TopologyEdit(TopologyEditKind.UnassignGateway, group.Name, gateway.Id, id));
            if (WeightOf(world, group) is { } weight)
            {
                edits.Add(new TopologyEdit(TopologyEditKind.SetMember, group.Name, gateway.Id, id, nameof(GroupMember.Weight), weight.ToString(System.Globalization.CultureInfo.InvariantCulture)));
            }
        }

        var finding = joiners.Count > 0 ? NatGate.Require(world, group, joiners.Select(j => j.Gateway)) : NatFinding.None;
        decisions.AddRange(finding.Decisions);
        IReadOnlyList<string> warnings = [.. edits.Count > 0 && !StageOnly ? MembershipPlan.RequireNoForeignChange(world) : [], .. finding.Warnings];
        var stages = MembershipPlan.Change(world, edits, restore, StageOnly).ToList();
        if (!StageOnly) stages.AddRange(MembershipPlan.Join(world, joiners, _ => group));
        if (Replace.Length > 0 && !StageOnly) stages.AddRange(LeavingStages(world, group, decisions, joiners.Count));
        return new Plan
        {
            Kind = Kind,
            SecurityGroup = group.Name,
            Resources = MembershipPlan.Resources(group.Name),
            Participants = [.. MembershipPlan.Refs(world, group.Name).Concat(joiners).Distinct()],
            Joiners = [.. joiners.Except(MembershipPlan.Refs(world, group.Name))],
            Stages = stages,
            Decisions = decisions,
            Warnings = warnings,
            FailurePolicy = FailurePolicy.Rollback,
        };
    }

    private static GroupMember? Judge(ObservedWorld world, string group, Gateway gateway)
    {
        if (gateway.SecurityGroup.Length > 0)
        {
            if (gateway.SecurityGroup == group) return world.Member(group, gateway.Member);
            throw new MaestroException(
                ErrorCatalogue.GatewayInUse,
                $"Gateway {gateway.Id} is member {gateway.Member} of '{gateway.SecurityGroup}'. It stays there.",
                gateway.Id,
                $"Move-GroupMember {gateway.SecurityGroup} {gateway.Member} -Destination {group}");
        }

        if (gateway.State == GatewayState.Unreachable)
        {
            throw new MaestroException(ErrorCatalogue.MemberUnreachable, $"Gateway {gateway.Id} ({gateway.Address}) does not answer: {gateway.Reason}.", gateway.Id);
        }

        var pending = world.PendingTopology.Gateways.FirstOrDefault(g => g.Id == gateway.Id);
        if (pending is { SecurityGroup.Length: > 0 } && pending.SecurityGroup != group)
        {
            throw new MaestroException(ErrorCatalogue.PendingConflict, $"Gateway {gateway.Id} is pending for '{pending.SecurityGroup}'.", gateway.Id);
        }

        return null;
    }

    // Two changes of topology in one plan: their steps and inverses need ids of their own, for a fabric that saw an id act need not act again.
    private static PlanStep Replaced(PlanStep step) => step with
    {
        Id = "replaced/" + step.Id,
        ReleasedBy = step.ReleasedBy.Length > 0 ? "replaced/" + step.ReleasedBy : "",
        Inverse = step.Inverse is null ? null : step.Inverse with { Id = "replaced/" + step.Inverse.Id },
    };

    private int? WeightOf(ObservedWorld world, SecurityGroup group) => Weight ?? (Replace.Length > 0 ? world.Member(group.Name, Replace).Weight : null);

    private IEnumerable<PlanStage> LeavingStages(ObservedWorld world, SecurityGroup group, List<Decision> decisions, int joinerCount)
    {
        var old = world.Member(group.Name, Replace);
        if (joinerCount != 1) throw new MaestroException(ErrorCatalogue.ParameterInvalid, "-Replace takes one new gateway.", Replace);
        decisions.Add(new Decision($"member {old.Member}", "leaves once its replacement is active"));
        foreach (var stage in RemoveMembersChange.Leaving(world, [old], DrainMode.Move, keepPolicy: false, isReplaced: true))
        {
            yield return stage with { Name = stage.Name + " (replaced)", AfterDecision = true, Steps = [.. stage.Steps.Select(Replaced)] };
        }
    }
}

using Maestro.Engine.Clustering.Distribution.Nat;
using Maestro.Engine.Fabrics;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Groups;
using Maestro.Engine.Operations.Plans;

namespace Maestro.Engine.Clustering.Membership;

/// <summary>Members change groups in one apply, under the leases of both.</summary>
public sealed record MoveMembersChange : ChangeRequest
{
    public override string Kind => "MoveGroupMember";

    public override string SecurityGroup => Group;

    public required string Group { get; init; }

    public required IReadOnlyList<string> Members { get; init; }

    public required string Destination { get; init; }

    internal override NatQuestion? Nat => new() { Groups = [Destination] };

    public override Plan Plan(ObservedWorld world)
    {
        var from = world.Group(Group);
        var to = world.Group(Destination);
        if (from.Name == to.Name) throw new MaestroException(ErrorCatalogue.ParameterInvalid, $"The members are in '{to.Name}' already.", to.Name);
        var movers = Members.Select(m => RemoveMembersChange.Judge(world, from.Name, m)).OrderBy(m => new MemberId(m.Site, m.Number)).ToList();
        var decisions = new List<Decision> { CapacityGuard.Require(world, from, [.. movers.Select(m => m.Member)]) };
        var edits = new List<TopologyEdit>();
        var restore = new List<TopologyEdit>();
        var joiners = new List<MemberRef>();
        var taken = new HashSet<MemberId>();
        foreach (var mover in movers)
        {
            var id = MembershipPlan.NextFree(world, to.Name, mover.Site, taken).ToString();
            decisions.Add(new Decision($"member {mover.Member}", $"moves from '{from.Name}' to '{to.Name}' as {id}"));
            edits.Add(new TopologyEdit(TopologyEditKind.UnassignGateway, from.Name, mover.Gateway, mover.Member));
            edits.Add(new TopologyEdit(TopologyEditKind.AssignGateway, to.Name, mover.Gateway, id));
            restore.Add(new TopologyEdit(TopologyEditKind.UnassignGateway, to.Name, mover.Gateway, id));
            restore.Add(new TopologyEdit(TopologyEditKind.AssignGateway, from.Name, mover.Gateway, mover.Member));
            joiners.Add(new MemberRef(to.Name, id, mover.Gateway));
        }

        var finding = NatGate.Require(world, to, movers.Select(m => m.Gateway));
        decisions.AddRange(finding.Decisions);
        var stages = new List<PlanStage>();
        if (RemoveMembersChange.Draining(world, movers, DrainMode.Move, $"moves to {to.Name}", _ => "topology/apply", destination: to.Name) is { } draining) stages.Add(draining);
        stages.AddRange(MembershipPlan.Change(world, edits, restore, stageOnly: false));
        stages.AddRange(MembershipPlan.Join(world, joiners, _ => to));
        return new Plan
        {
            Kind = Kind,
            SecurityGroup = from.Name,
            Resources = MembershipPlan.Resources(from.Name, to.Name),
            Participants = [.. MembershipPlan.Refs(world, from.Name).Concat(MembershipPlan.Refs(world, to.Name))],
            Stages = stages,
            Decisions = decisions,
            Warnings = [.. MembershipPlan.RequireNoForeignChange(world), .. finding.Warnings],
            FailurePolicy = FailurePolicy.Rollback,
        };
    }
}

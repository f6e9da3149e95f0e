using System.Globalization;
using Maestro.Engine.Clustering.Distribution.Nat;
using Maestro.Engine.Fabrics;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Groups;
using Maestro.Engine.Operations.Plans;
using Maestro.Engine.Operations.Steps;
using Names = Maestro.Engine.Operations.Steps.StepArgumentNames;

namespace Maestro.Engine.Clustering.Membership;

/// <summary>Applies all that is pending, under the leases of every group touched.</summary>
public sealed record PublishPendingChange : ChangeRequest
{
    public override string Kind => "PublishPendingChange";

    public override string SecurityGroup => "";

    public bool IncludeForeign { get; init; }

    internal override NatQuestion? Nat => new();

    public override Plan Plan(ObservedWorld world)
    {
        if (world.Pending.Count == 0) return PendingPlan.Nothing(Kind);
        PendingPlan.RequireOwn(world, IncludeForeign, "applied");
        var groups = world.Pending.SelectMany(p => PendingPlan.GroupsOf(p, world.Deployed)).Distinct().OrderBy(g => g, StringComparer.Ordinal).ToList();
        var joiners = world.PendingTopology.Members
            .Where(m => !world.Deployed.Members.Any(d => d.SecurityGroup == m.SecurityGroup && d.Gateway == m.Gateway)).Select(MemberRef.Of).ToList();
        var leavers = world.Deployed.Members
            .Where(d => !world.PendingTopology.Members.Any(m => m.SecurityGroup == d.SecurityGroup && m.Gateway == d.Gateway)).Select(MemberRef.Of).ToList();
        foreach (var group in groups.Where(g => world.Deployed.Groups.Any(d => d.Name == g) && world.PendingTopology.Groups.Any(d => d.Name == g)))
        {
            CapacityGuard.Require(world, world.Group(group), [.. leavers.Where(l => l.SecurityGroup == group).Select(l => l.Member)]);
        }

        var findings = groups.Where(g => world.Deployed.Groups.Any(d => d.Name == g)).Select(g => NatGate.Require(world, world.Group(g), joiners.Where(j => j.SecurityGroup == g).Select(j => j.Gateway), ports: world.PendingTopology.Groups.FirstOrDefault(p => p.Name == g)?.Port)).ToList();
        var stages = new List<PlanStage>();
        // What leaves with its whole group has nobody to hand anything to.
        var drained = world.Deployed.Members.Where(m => leavers.Contains(MemberRef.Of(m)) && world.PendingTopology.Groups.Any(g => g.Name == m.SecurityGroup)).ToList();
        if (RemoveMembersChange.Draining(world, drained, DrainMode.Move, RemoveMembersChange.Leaves, _ => "topology/publish") is { } draining) stages.Add(draining);
        stages.Add(
            new()
            {
                Name = "apply",
                AfterDecision = true,
                Steps =
                [
                    new PlanStep
                    {
                        Id = "topology/publish",
                        Kind = StepKinds.TopologyApply,
                        Subject = "topology",
                        Arguments = CapacityGuard.Waived(world, StepArguments.Of(
                            (Names.Edits, PlanSerializer.EditsToJson(PendingPlan.EditsOf(world))),
                            (Names.Operation, MembershipPlan.OwnPending(world)),
                            (Names.IncludeForeign, IncludeForeign ? "true" : ""),
                            (Names.Groups, string.Join(",", groups)))),
                        Reason = $"apply all {world.Pending.Count.ToString(CultureInfo.InvariantCulture)} pending changes",
                    },
                ],
            });
        if (leavers.Count > 0) stages.Add(MembershipPlan.Leave(leavers));
        stages.AddRange(MembershipPlan.Join(world, joiners, name => world.Deployed.Groups.FirstOrDefault(g => g.Name == name)));
        return new Plan
        {
            Kind = Kind,
            SecurityGroup = groups.Count == 1 ? groups[0] : "",
            Resources = MembershipPlan.Resources([.. groups]),
            Participants = [.. groups.SelectMany(g => MembershipPlan.Refs(world, g)).Concat(joiners).Distinct()],
            Joiners = joiners,
            Stages = stages,
            Decisions = [.. world.Pending.Select(p => new Decision(PendingPlan.Subject(p), $"{p.Property} '{p.Deployed}' -> '{p.Pending}' ({p.Origin})")), .. findings.SelectMany(f => f.Decisions)],
            Warnings = [.. findings.SelectMany(f => f.Warnings)],
            FailurePolicy = FailurePolicy.Pause,
        };
    }
}

/// <summary>Throws away what is pending: ours, or with <see cref="IncludeForeign"/> everybody's.</summary>
public sealed record UndoPendingChange : ChangeRequest
{
    public override string Kind => "UndoPendingChange";

    public override string SecurityGroup => "";

    public bool IncludeForeign { get; init; }

    public override Plan Plan(ObservedWorld world)
    {
        if (world.Pending.Count == 0) return PendingPlan.Nothing(Kind);
        PendingPlan.RequireOwn(world, IncludeForeign, "discarded");
        return new Plan
        {
            Kind = Kind,
            Resources = MembershipPlan.Resources(),
            Stages =
            [
                new PlanStage
                {
                    Name = "discard",
                    Steps =
                    [
                        new PlanStep
                        {
                            Id = "topology/discard",
                            Kind = StepKinds.TopologyDiscard,
                            Subject = "pending topology",
                            // By name: what others stage after this look stays.
                            Arguments = StepArguments.Of((Names.Operation, IncludeForeign ? "*" : MembershipPlan.OwnPending(world))),
                            Reason = $"discard all {world.Pending.Count.ToString(CultureInfo.InvariantCulture)} pending changes",
                        },
                    ],
                },
            ],
            Decisions = [.. world.Pending.Select(p => new Decision(PendingPlan.Subject(p), $"{p.Property} stays '{p.Deployed}'"))],
            FailurePolicy = FailurePolicy.Pause,
        };
    }
}

internal static class PendingPlan
{
    public static Plan Nothing(string kind) => new() { Kind = kind, Resources = MembershipPlan.Resources(), Decisions = [new Decision("pending topology", "nothing is pending", Acts: false)] };

    public static string Subject(PendingChange change) => change.Gateway.Length > 0 ? $"gateway {change.Gateway}" : $"group '{change.SecurityGroup}'";

    /// <exception cref="MaestroException"><c>Maestro.ForeignChange</c>.</exception>
    public static void RequireOwn(ObservedWorld world, bool includeForeign, string verb)
    {
        var foreign = world.Pending.Where(p => p.Origin != ChangeOrigin.Own).ToList();
        if (foreign.Count == 0 || includeForeign) return;
        throw new MaestroException(
            ErrorCatalogue.ForeignChange,
            $"{foreign.Count.ToString(CultureInfo.InvariantCulture)} pending changes are not ours ({string.Join(", ", foreign.Select(p => p.StagedBy.Length > 0 ? p.StagedBy : "unknown").Distinct())}) and would be {verb} too. Nothing was {verb}.",
            Subject(foreign[0]));
    }

    /// <summary>The groups that a pending change is about: the one that it names, and where it moves a gateway, the one that this leaves.</summary>
    public static IEnumerable<string> GroupsOf(PendingChange change, TopologyView deployed)
    {
        var left = change.Property == nameof(GroupMember.Member) ? deployed.Gateways.FirstOrDefault(g => g.Id == change.Gateway)?.SecurityGroup ?? "" : "";
        return new[] { change.SecurityGroup, left }.Where(g => g.Length > 0).Distinct(StringComparer.Ordinal);
    }

    /// <summary>What to see in the deployed view once the apply has taken: who is in which group.</summary>
    public static IReadOnlyList<TopologyEdit> EditsOf(ObservedWorld world)
    {
        var edits = new List<TopologyEdit>();
        foreach (var group in world.PendingTopology.Groups.Where(g => !world.Deployed.Groups.Any(d => d.Name == g.Name))) edits.Add(new(TopologyEditKind.CreateGroup, group.Name));
        foreach (var group in world.Deployed.Groups.Where(g => !world.PendingTopology.Groups.Any(d => d.Name == g.Name))) edits.Add(new(TopologyEditKind.DeleteGroup, group.Name));
        foreach (var gateway in world.PendingTopology.Gateways)
        {
            var before = world.Deployed.Gateways.FirstOrDefault(d => d.Id == gateway.Id);
            if (before is null) continue;
            if (before.SecurityGroup != gateway.SecurityGroup)
            {
                edits.Add(gateway.SecurityGroup.Length > 0
                    ? new(TopologyEditKind.AssignGateway, gateway.SecurityGroup, gateway.Id, gateway.Member)
                    : new(TopologyEditKind.UnassignGateway, before.SecurityGroup, gateway.Id, before.Member));
            }

            if (before.Description != gateway.Description) edits.Add(new(TopologyEditKind.SetGateway, "", gateway.Id, Property: "Description", Value: gateway.Description));
        }

        foreach (var group in world.PendingTopology.Groups)
        {
            var before = world.Deployed.Groups.FirstOrDefault(d => d.Name == group.Name);
            foreach (var property in new[] { "Description", "Port", "ManagementAddress", "DefaultGateway", "Spare", "CapacityCeiling" })
            {
                var wanted = TopologyEdits.GroupProperty(group, property);
                if (before is not null && wanted is not null && TopologyEdits.GroupProperty(before, property) != wanted)
                {
                    edits.Add(new(TopologyEditKind.SetGroup, group.Name, Property: property, Value: wanted));
                }
            }
        }

        foreach (var member in world.PendingTopology.Members)
        {
            var before = world.Deployed.Members.FirstOrDefault(d => d.SecurityGroup == member.SecurityGroup && d.Gateway == member.Gateway);
            if (before is not null && before.Weight != member.Weight)
            {
                edits.Add(new(TopologyEditKind.SetMember, member.SecurityGroup, member.Gateway, member.Member, "Weight", TopologyEdits.MemberProperty(member, "Weight")!));
            }
        }

        return edits;
    }
}

using System.Globalization;
using Maestro.Engine.Fabrics;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Groups;
using Maestro.Engine.Operations.Leases;
using Maestro.Engine.Operations.Plans;
using Maestro.Engine.Operations.Steps;
using Names = Maestro.Engine.Operations.Steps.StepArgumentNames;

namespace Maestro.Engine.Clustering.Membership;

/// <summary>Members are drained and taken out by hand; nothing but a hand brings them back.</summary>
public sealed record SuspendMembersChange : ChangeRequest
{
    public override string Kind => "SuspendGroupMember";

    public override string SecurityGroup => Group;

    public required string Group { get; init; }

    public required IReadOnlyList<string> Members { get; init; }

    public DrainMode Drain { get; init; } = DrainMode.Move;

    /// <summary>How long draining may last before the member is put back, in whole seconds; null for 5 minutes.</summary>
    public TimeSpan? DrainTimeout { get; init; }

    public override Plan Plan(ObservedWorld world)
    {
        RequireCanSuspend(world);
        RequireCanDrain(world, Drain);
        var group = world.Group(Group);
        var members = Members.Select(m => world.Member(group.Name, m)).OrderBy(m => new MemberId(m.Site, m.Number)).ToList();
        var leaving = members.Where(m => m.State != MemberState.Suspended).ToList();
        var decisions = new List<Decision> { CapacityGuard.Require(world, group, [.. leaving.Select(m => m.Member)]) };
        decisions.AddRange(members.Select(m => m.State == MemberState.Suspended
            ? new Decision($"member {m.Member}", $"is suspended already, by {m.SuspendedBy}: {m.Reason}", Acts: false)
            : new Decision($"member {m.Member}", "is drained and taken out of the distribution")));
        var together = CapacityGuard.Argument(world, leaving.Select(m => m.Member));
        var reason = world.Message.Length > 0 ? $"{world.Actor}: {world.Message}" : world.Actor;
        return MemberStatePlan.Build(this, world, group, [.. leaving.Select(m => MembershipPlan.Suspend(MemberRef.Of(m), Drain, reason, releasedBy: "", together, DrainTimeout))], decisions);
    }

    /// <exception cref="MaestroException"><c>Maestro.FabricCannot</c>.</exception>
    internal static void RequireCanDrain(ObservedWorld world, DrainMode drain)
    {
        if (drain == DrainMode.Wait && !world.Traits.WaitsForFlows) throw new MaestroException(ErrorCatalogue.FabricCannot, $"Nobody on '{world.Traits.Endpoint}' knows which member each flow belongs to, so its end cannot be waited for. Nothing was sent.", world.Traits.Endpoint, "Use -Drain Move: the connections go along.");
    }

    internal static void RequireCanSuspend(ObservedWorld world)
    {
        world.Require(FabricFacet.MemberActions);
        if (!world.Traits.Capability.Contains("Suspend")) throw world.MissingFacet(FabricFacet.Traffic);
    }
}

/// <summary>Members that were taken out by hand come back.</summary>
public sealed record ResumeMembersChange : ChangeRequest
{
    public override string Kind => "ResumeGroupMember";

    public override string SecurityGroup => Group;

    public required string Group { get; init; }

    public required IReadOnlyList<string> Members { get; init; }

    public override Plan Plan(ObservedWorld world)
    {
        SuspendMembersChange.RequireCanSuspend(world);
        var group = world.Group(Group);
        var decisions = new List<Decision>();
        var steps = new List<PlanStep>();
        var behind = new List<MemberRef>();
        foreach (var member in Members.Select(m => world.Member(group.Name, m)).OrderBy(m => new MemberId(m.Site, m.Number)))
        {
            switch (member.State)
            {
                case MemberState.Active or MemberState.Standby:
                    decisions.Add(new Decision($"member {member.Member}", "carries traffic already", Acts: false));
                    break;
                case MemberState.Suspended or MemberState.Draining or MemberState.Joining or MemberState.Ready:
                    decisions.Add(new Decision($"member {member.Member}", "gets policy and configuration, then traffic"));
                    var reference = MemberRef.Of(member);
                    if (member.PolicyFingerprint != group.PolicyFingerprint || member.ConfigurationFingerprint != group.ConfigurationFingerprint) behind.Add(reference);
                    steps.Add(MembershipPlan.Resume(reference) with { Inverse = MembershipPlan.Suspend(reference, DrainMode.Move, member.Reason, "", leaving: "") with { Inverse = null } });
                    break;
                default:
                    throw new MaestroException(
                        ErrorCatalogue.MemberStateInvalid,
                        $"Member {member.Member} is {member.State}, which no hand caused: {(member.Pnote.Count > 0 ? string.Join(", ", member.Pnote) : member.Reason)}.",
                        member.Member,
                        "Mend the cause; the member comes back by itself.");
            }
        }

        var plan = MemberStatePlan.Build(this, world, group, steps, decisions);
        // Where members do not fetch it themselves, they get what the group was given while they were out.
        var carried = world.Traits.JoinersPullPolicy ? [] : MembershipPlan.Carried(world, behind, _ => group).ToList();
        return carried.Count == 0 ? plan : plan with { Stages = [.. carried, .. plan.Stages.Select(s => s with { AfterDecision = true })] };
    }
}

/// <summary>Members restart, one after another: drained if they carry traffic, restarted, seen back.</summary>
public sealed record RestartMembersChange : ChangeRequest
{
    public override string Kind => "RestartGroupMember";

    public override string SecurityGroup => Group;

    public required string Group { get; init; }

    public required IReadOnlyList<string> Members { get; init; }

    public override Plan Plan(ObservedWorld world)
    {
        world.Require(FabricFacet.MemberActions);
        if (!world.Traits.Capability.Contains("Restart")) throw world.MissingFacet(FabricFacet.Traffic);
        var group = world.Group(Group);
        var decisions = new List<Decision>();
        var stages = new List<PlanStage>();
        // The SMO Master last, so that it moves once at most.
        foreach (var member in Members.Select(m => world.Member(group.Name, m)).OrderBy(m => m.IsSmoMaster).ThenBy(m => new MemberId(m.Site, m.Number)))
        {
            var reference = MemberRef.Of(member);
            // Who is Ready carries a moment later, and would be restarted with connections on it.
            var carries = member.State is MemberState.Active or MemberState.Standby or MemberState.Ready;
            var prefix = $"{group.Name}/{member.Member}";
            if (carries)
            {
                decisions.Add(CapacityGuard.Require(world, group, [member.Member]));
                stages.Add(One("drain", MembershipPlan.Suspend(reference, DrainMode.Move, $"restart by {world.Actor}", releasedBy: $"resume/{prefix}", CapacityGuard.Argument(world, [member.Member]))));
            }

            decisions.Add(new Decision($"member {member.Member}", carries ? "drain, restart, rejoin" : $"restart; it stays {member.State}"));
            stages.Add(One("restart", new PlanStep
            {
                Id = $"restart/{prefix}",
                Kind = StepKinds.MemberRestart,
                Subject = $"member {member.Member}",
                SecurityGroup = group.Name,
                Member = member.Member,
                Gateway = member.Gateway,
                Arguments = StepArguments.Of(
                    (Names.States, carries ? nameof(MemberState.Suspended) : member.State.ToString()),
                    (Names.Since, carries ? "" : member.Since?.ToString("o", CultureInfo.InvariantCulture) ?? "")),
                Reason = "restart the machine",
            }));
            if (carries) stages.Add(One("resume", MembershipPlan.Resume(reference)));
        }

        return new Plan
        {
            Kind = Kind,
            SecurityGroup = group.Name,
            Resources = [Resource.Change(group.Name)],
            Participants = MembershipPlan.Refs(world, group.Name),
            Stages = stages,
            Decisions = decisions,
            FailurePolicy = FailurePolicy.Pause,
        };
    }

    private static PlanStage One(string name, PlanStep step) => new() { Name = $"{name} {step.Member}", Steps = [step], ParallelLimit = 1 };
}

internal static class MemberStatePlan
{
    public static Plan Build(ChangeRequest request, ObservedWorld world, SecurityGroup group, IReadOnlyList<PlanStep> steps, IReadOnlyList<Decision> decisions) => new()
    {
        Kind = request.Kind,
        SecurityGroup = group.Name,
        Resources = [Resource.Change(group.Name)],
        Participants = MembershipPlan.Refs(world, group.Name),
        Stages = steps.Count == 0 ? [] : [new PlanStage { Name = "members", Steps = steps }],
        Decisions = decisions,
        FailurePolicy = FailurePolicy.Rollback,
    };
}

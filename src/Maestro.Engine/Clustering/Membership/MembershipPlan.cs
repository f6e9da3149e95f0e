using System.Globalization;
using Maestro.Engine.Fabrics;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Fabric;
using Maestro.Engine.Model.Groups;
using Maestro.Engine.Operations.Leases;
using Maestro.Engine.Operations.Plans;
using Maestro.Engine.Operations.Steps;
using Names = Maestro.Engine.Operations.Steps.StepArgumentNames;

namespace Maestro.Engine.Clustering.Membership;

/// <summary>The stages that changes of membership share: stage the edits, apply them all at once, see joiners in and leavers out.</summary>
internal static class MembershipPlan
{
    public static readonly string JoinedStates = string.Join(",", MemberState.Active, MemberState.Standby);

    /// <summary>Where a member goes that leaves for the pool; no name of a group.</summary>
    public const string Nowhere = "*";

    /// <summary>Stage and apply. The inverse of the stage step takes the edits out of pending, that of the apply step stages and applies <paramref name="restore"/>.</summary>
    public static IEnumerable<PlanStage> Change(ObservedWorld world, IReadOnlyList<TopologyEdit> edits, IReadOnlyList<TopologyEdit> restore, bool stageOnly, bool forwardOnly = true, bool isReplaced = false)
    {
        if (edits.Count == 0) yield break;
        if (stageOnly) RequireNoForeignOverlap(world, edits);
        yield return new PlanStage { Name = "stage", Steps = [StageEdits("topology/stage", edits, releasedBy: stageOnly ? "" : "topology/apply")] };
        if (stageOnly) yield break;
        var words = Words(edits);
        yield return new PlanStage
        {
            Name = "apply",
            AfterDecision = forwardOnly,
            Steps =
            [
                new PlanStep
                {
                    Id = "topology/apply",
                    Kind = StepKinds.TopologyApply,
                    Subject = "topology",
                    SecurityGroup = edits[0].SecurityGroup,
                    Arguments = CapacityGuard.Waived(world, StepArguments.Of((Names.Edits, PlanSerializer.EditsToJson(edits)), (Names.Operation, OwnPending(world))), isReplaced),
                    Reason = $"apply {words}",
                    Inverse = restore.Count == 0 ? null : new PlanStep
                    {
                        Id = "topology/apply/undo",
                        Kind = StepKinds.TopologyRestore,
                        Subject = "topology",
                        Arguments = StepArguments.Of((Names.Edits, PlanSerializer.EditsToJson(restore))),
                        Reason = $"take {words} back",
                    },
                },
            ],
        };
    }

    /// <summary>Puts edits into the pending topology. Staged and not applied, they would go along with whoever applies next: unless <paramref name="releasedBy"/> is done, they do not outlive the operation. Empty when they are to stay.</summary>
    public static PlanStep StageEdits(string id, IReadOnlyList<TopologyEdit> edits, string releasedBy) => new()
    {
        Id = id,
        Kind = StepKinds.TopologyStage,
        Subject = "pending topology",
        SecurityGroup = edits[0].SecurityGroup,
        Arguments = StepArguments.Of((Names.Edits, PlanSerializer.EditsToJson(edits))),
        Reason = $"stage {Words(edits)}",
        TakesOutOfService = releasedBy.Length > 0,
        ReleasedBy = releasedBy,
        Inverse = new PlanStep
        {
            Id = id + "/undo",
            Kind = StepKinds.TopologyDiscard,
            Subject = "pending topology",
            Arguments = StepArguments.Of((Names.Operation, "this")),
            Reason = $"take {Words(edits)} out of pending",
        },
    };

    /// <summary>From applied to active: seen as a member, the group's policy where joiners do not fetch it, then counted as active.</summary>
    public static IEnumerable<PlanStage> Join(ObservedWorld world, IReadOnlyList<MemberRef> joiners, Func<string, SecurityGroup?> groupOf)
    {
        if (joiners.Count == 0) yield break;
        if (world.Traits.JoinersPullPolicy)
        {
            yield return Stage("join", joiners, j => Await(j, JoinedStates, "boots, fetches the group's policy and becomes active"));
            yield break;
        }

        foreach (var stage in Carried(world, joiners, groupOf)) yield return stage;
        if (world.Facets.Contains(FabricFacet.MemberActions))
        {
            yield return Stage("activate", joiners, j => new PlanStep
            {
                Id = $"activate/{j.SecurityGroup}/{j.Member}",
                Kind = StepKinds.MemberActivate,
                Subject = $"member {j.Member}",
                SecurityGroup = j.SecurityGroup,
                Member = j.Member,
                Gateway = j.Gateway,
                Reason = "counts as active from here",
            });
        }
    }

    /// <summary>The group's policy and configuration, brought to members and confirmed there.</summary>
    public static IEnumerable<PlanStage> Carried(ObservedWorld world, IReadOnlyList<MemberRef> members, Func<string, SecurityGroup?> groupOf)
    {
        var withPolicy = Having(Carriage.Policy);
        if (withPolicy.Count > 0)
        {
            yield return Stage("policy", withPolicy, j => Carry(Carriage.Policy, StepKinds.PolicyStage, "stage", j, groupOf(j.SecurityGroup)!));
            yield return Stage("load", withPolicy, j => Carry(Carriage.Policy, StepKinds.PolicyCommit, "commit", j, groupOf(j.SecurityGroup)!));
            yield return Stage("confirm", withPolicy, j => Carry(Carriage.Policy, StepKinds.PolicyConfirm, "confirm", j, groupOf(j.SecurityGroup)!));
        }

        var withConfiguration = Having(Carriage.Configuration);
        if (withConfiguration.Count > 0)
        {
            yield return Stage("configuration", withConfiguration, j => Carry(Carriage.Configuration, StepKinds.ConfigurationStage, "configuration/stage", j, groupOf(j.SecurityGroup)!));
            yield return Stage("configure", withConfiguration, j => Carry(Carriage.Configuration, StepKinds.ConfigurationCommit, "configuration/commit", j, groupOf(j.SecurityGroup)!));
            yield return Stage("configured", withConfiguration, j => Carry(Carriage.Configuration, StepKinds.ConfigurationConfirm, "configuration/confirm", j, groupOf(j.SecurityGroup)!));
        }

        IReadOnlyList<MemberRef> Having(Carriage carriage) =>
            [.. members.Where(j => world.Facets.Contains(carriage.Facet) && groupOf(j.SecurityGroup) is { } group && carriage.OwnOf(group) is ({ }, { Length: > 0 }))];
    }

    public static PlanStage Leave(IReadOnlyList<MemberRef> leavers) =>
        Stage("leave", leavers, l => Await(l, "", "leaves the group"));

    /// <param name="member">Whom.</param>
    /// <param name="drain">How.</param>
    /// <param name="reason">Who and why.</param>
    /// <param name="releasedBy">The step that ends the time out of service; empty when only a hand does.</param>
    /// <param name="leaving">All that leave together, for the guard that is asked once more right before; empty where it is waived or nothing is taken away.</param>
    /// <param name="drainTimeout">In whole seconds; null for the step's own.</param>
    /// <param name="leavesFor">The group that it moves to, or <see cref="Nowhere"/>, where the same operation takes it out of its group; empty where it stays a member.</param>
    public static PlanStep Suspend(MemberRef member, DrainMode drain, string reason, string releasedBy, string leaving, TimeSpan? drainTimeout = null, string leavesFor = "") => new()
    {
        Id = $"suspend/{member.SecurityGroup}/{member.Member}",
        Kind = StepKinds.MemberSuspend,
        Subject = $"member {member.Member}",
        SecurityGroup = member.SecurityGroup,
        Member = member.Member,
        Gateway = member.Gateway,
        Arguments = new StepArguments(
        [
            new(Names.Drain, drain.ToString()),
            new(Names.Reason, reason),
            .. leaving.Length == 0 ? [] : new KeyValuePair<string, string>[] { new(Names.Leaving, leaving) },
            .. leavesFor.Length == 0 ? [] : new KeyValuePair<string, string>[] { new(Names.LeavesFor, leavesFor) },
            .. drainTimeout is { } limit ? new KeyValuePair<string, string>[] { new(Names.SettleTimeout, Text((int)Math.Ceiling(limit.TotalSeconds))) } : [],
        ]),
        Reason = "drain and take out of the distribution",
        Inverse = Resume(member),
        TakesOutOfService = releasedBy.Length > 0,
        ReleasedBy = releasedBy,
    };

    public static PlanStep Resume(MemberRef member) => new()
    {
        Id = $"resume/{member.SecurityGroup}/{member.Member}",
        Kind = StepKinds.MemberResume,
        Subject = $"member {member.Member}",
        SecurityGroup = member.SecurityGroup,
        Member = member.Member,
        Gateway = member.Gateway,
        Reason = "policy and configuration first, then traffic",
    };

    /// <summary>The lowest member number of the site that nobody has, deployed or pending.</summary>
    public static MemberId NextFree(ObservedWorld world, string group, int site, ISet<MemberId> taken)
    {
        foreach (var member in world.MembersOf(group).Concat(world.PendingTopology.Members.Where(m => m.SecurityGroup == group))) taken.Add(new MemberId(member.Site, member.Number));
        var number = 1;
        while (taken.Contains(new MemberId(site, number))) number++;
        var id = new MemberId(site, number);
        taken.Add(id);
        return id;
    }

    /// <summary>Refuses when somebody else's edits are pending; says when edits of ours, staged earlier, go along.</summary>
    /// <exception cref="MaestroException"><c>Maestro.ForeignChange</c>.</exception>
    public static IReadOnlyList<string> RequireNoForeignChange(ObservedWorld world)
    {
        var foreign = world.Pending.Where(p => p.Origin != ChangeOrigin.Own).ToList();
        if (foreign.Count > 0)
        {
            var whose = foreign.Select(p => p.StagedBy).Where(b => b.Length > 0).Distinct().ToList();
            throw new MaestroException(
                ErrorCatalogue.ForeignChange,
                $"{Text(foreign.Count)} pending change{(foreign.Count == 1 ? "" : "s")} of {(whose.Count > 0 ? string.Join(", ", whose) : "somebody else")} would be applied together with this one. Nothing was staged.",
                foreign[0].SecurityGroup.Length > 0 ? foreign[0].SecurityGroup : foreign[0].Gateway);
        }

        return world.Pending.Count == 0 ? [] : [$"{Text(world.Pending.Count)} pending change{(world.Pending.Count == 1 ? "" : "s")} staged earlier by Maestro will be applied along."];
    }

    /// <summary>
    /// An apply takes along all that is pending, so it needs the leases of every group that this touches, their members' claims, and their
    /// guards: another's run may be at work on such a group.
    /// </summary>
    /// <exception cref="MaestroException"><c>Maestro.CapacityGuard</c>.</exception>
    public static Plan WithWhatGoesAlong(Plan plan, ObservedWorld world)
    {
        if (world.Pending.Count == 0 || plan.AllSteps.FirstOrDefault(s => s.Kind == StepKinds.TopologyApply) is not { } apply) return plan;
        var drained = new List<GroupMember>();
        var groups = world.Pending.SelectMany(p => PendingPlan.GroupsOf(p, world.Deployed)).Where(g => world.Deployed.Groups.Any(d => d.Name == g)).Distinct(StringComparer.Ordinal).OrderBy(g => g, StringComparer.Ordinal).ToList();
        foreach (var group in groups.Where(g => world.PendingTopology.Groups.Any(p => p.Name == g)))
        {
            var leaving = world.MembersOf(group).Where(m => !world.PendingTopology.Members.Any(p => p.SecurityGroup == group && p.Gateway == m.Gateway)).ToList();
            CapacityGuard.Require(world, world.Group(group), [.. leaving.Select(m => m.Member)]);
            drained.AddRange(leaving.Where(m => !plan.AllSteps.Any(s => s.Kind == StepKinds.MemberSuspend && s.Gateway == m.Gateway)));
        }

        return WithDrained(plan, apply, world, drained) with
        {
            Resources = [.. plan.Resources.Concat(groups.Select(Resource.Change)).Distinct(StringComparer.Ordinal).OrderBy(r => r, StringComparer.Ordinal)],
            Participants = [.. plan.Participants.Concat(groups.SelectMany(g => Refs(world, g))).Distinct()],
        };
    }

    /// <summary>Staged earlier, and out with this apply: they hand over what they carry as any that leave, and are out of service until they are seen gone.</summary>
    private static Plan WithDrained(Plan plan, PlanStep apply, ObservedWorld world, IReadOnlyList<GroupMember> leavers)
    {
        var gone = Leave([.. leavers.Select(MemberRef.Of)]);
        if (RemoveMembersChange.Draining(world, leavers, DrainMode.Move, RemoveMembersChange.Leaves, m => gone.Steps.Single(g => g.Gateway == m.Gateway).Id) is not { } drain) return plan;
        var along = apply with { Arguments = apply.Arguments.With(Names.Along, string.Join(",", drain.Steps.Select(s => s.Gateway))) };
        return plan with
        {
            Stages = [drain with { Name = "drain what goes along" }, .. plan.Stages.Select(s => s with { Steps = [.. s.Steps.Select(step => step == apply ? along : step)] }), gone with { Name = "leave along" }],
        };
    }

    /// <summary>Staging alone applies nobody's edits, but must not write over them either.</summary>
    /// <exception cref="MaestroException"><c>Maestro.PendingConflict</c>.</exception>
    private static void RequireNoForeignOverlap(ObservedWorld world, IReadOnlyList<TopologyEdit> edits)
    {
        foreach (var foreign in world.Pending.Where(p => p.Origin != ChangeOrigin.Own))
        {
            if (edits.FirstOrDefault(e => TopologyEdits.Touches(e, foreign)) is not { } edit) continue;
            throw new MaestroException(
                ErrorCatalogue.PendingConflict,
                $"{(foreign.StagedBy.Length > 0 ? foreign.StagedBy : "somebody else")} has a pending change of the same thing: {TopologyEdits.Describe(edit)}. Nothing was staged.",
                foreign.Gateway.Length > 0 ? foreign.Gateway : foreign.SecurityGroup);
        }
    }

    public static IReadOnlyList<string> Resources(params string[] groups) =>
        [.. groups.Distinct().Select(Resource.Change).Append(Resource.Topology).OrderBy(r => r, StringComparer.Ordinal)];

    public static IReadOnlyList<MemberRef> Refs(ObservedWorld world, string group) => [.. world.MembersOf(group).Select(MemberRef.Of)];

    /// <exception cref="MaestroException"><c>Maestro.GatewayNotFound</c>.</exception>
    public static Gateway Gateway(ObservedWorld world, string id) =>
        world.Deployed.Gateways.FirstOrDefault(g => string.Equals(g.Id, id, StringComparison.OrdinalIgnoreCase))
        ?? throw new MaestroException(ErrorCatalogue.GatewayNotFound, $"There is no gateway '{id}' on '{world.Traits.Endpoint}'.", id);

    public static PlanStage Stage(string name, IReadOnlyList<MemberRef> members, Func<MemberRef, PlanStep> step) => new()
    {
        Name = name,
        AfterDecision = true,
        Steps = [.. members.Select(step)],
    };

    public static PlanStep Await(MemberRef member, string states, string reason) => new()
    {
        Id = $"await/{member.SecurityGroup}/{member.Member}/{(states.Length == 0 ? "gone" : "active")}",
        Kind = StepKinds.MemberAwait,
        Subject = $"member {member.Member}",
        SecurityGroup = member.SecurityGroup,
        Member = member.Member,
        Gateway = member.Gateway,
        Arguments = StepArguments.Of((Names.States, states)),
        Reason = reason,
    };

    private static PlanStep Carry(Carriage carriage, string kind, string verb, MemberRef member, SecurityGroup group) => new()
    {
        Id = $"{verb}/{member.SecurityGroup}/{member.Member}",
        Kind = kind,
        Subject = $"member {member.Member}",
        SecurityGroup = member.SecurityGroup,
        Member = member.Member,
        Gateway = member.Gateway,
        Arguments = StepArguments.Of((Names.Generation, Text(carriage.OwnOf(group).Number!.Value)), (Names.Fingerprint, carriage.OwnOf(group).Fingerprint)),
        Reason = $"{verb.Substring(verb.LastIndexOf('/') + 1)} the group's {carriage.Noun} #{Text(carriage.OwnOf(group).Number!.Value)} before it counts as active",
    };

    /// <summary>The operations whose staged edits go along with an apply, by commas.</summary>
    public static string OwnPending(ObservedWorld world) => string.Join(",", world.Pending.Where(p => p.Origin == ChangeOrigin.Own).Select(p => p.Operation).Distinct());

    private static string Words(IReadOnlyList<TopologyEdit> edits) => edits.Count == 1 ? TopologyEdits.Describe(edits[0]) : $"{Text(edits.Count)} edits";

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}

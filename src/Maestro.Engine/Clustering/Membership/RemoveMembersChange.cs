using Maestro.Engine.Fabrics;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Groups;
using Maestro.Engine.Operations.Plans;
using Names = Maestro.Engine.Operations.Steps.StepArgumentNames;

namespace Maestro.Engine.Clustering.Membership;

/// <summary>Members leave: drained, then back to the pool.</summary>
public sealed record RemoveMembersChange : ChangeRequest
{
    public const string ReachableCheck = "Reachable";

    public override string Kind => "RemoveGroupMember";

    public override string SecurityGroup => Group;

    public required string Group { get; init; }

    public required IReadOnlyList<string> Members { get; init; }

    public DrainMode Drain { get; init; } = DrainMode.Move;

    /// <summary>Leaves the policy on the host (Linux) instead of the fail-closed initial one.</summary>
    public bool KeepPolicy { get; init; }

    public bool StageOnly { get; init; }

    /// <exception cref="MaestroException"><c>MemberNotFound</c>, <c>MemberUnreachable</c>.</exception>
    public static GroupMember Judge(ObservedWorld world, string group, string memberId)
    {
        var member = world.Member(world.Group(group).Name, memberId);
        if (member.State is MemberState.Lost or MemberState.Unknown && !world.SkippedChecks.Contains(ReachableCheck, StringComparer.OrdinalIgnoreCase))
        {
            throw new MaestroException(ErrorCatalogue.MemberUnreachable, $"Member {member.Member} of '{member.SecurityGroup}' does not answer: {member.Reason}. It would keep what Maestro placed on it.", member.Member, "Bring it back, or add -SkipCheck Reachable.");
        }

        return member;
    }

    public override Plan Plan(ObservedWorld world)
    {
        var group = world.Group(Group);
        var leavers = Members.Select(m => Judge(world, group.Name, m)).OrderBy(m => new MemberId(m.Site, m.Number)).ToList();
        var decisions = new List<Decision> { CapacityGuard.Require(world, group, [.. leavers.Select(l => l.Member)]) };
        decisions.AddRange(leavers.Select(l => Decide(l, $"leaves '{group.Name}'; {l.Gateway} goes back to the pool")));
        var warnings = LeftBehind(leavers).Concat(leavers.Count > 0 && !StageOnly ? MembershipPlan.RequireNoForeignChange(world) : []).ToList();
        return new Plan
        {
            Kind = Kind,
            SecurityGroup = group.Name,
            Resources = MembershipPlan.Resources(group.Name),
            Participants = [.. MembershipPlan.Refs(world, group.Name).Where(r => !leavers.Any(l => IsLeftBehind(l) && l.Gateway == r.Gateway))],
            Stages = [.. Leaving(world, leavers, Drain, KeepPolicy, StageOnly)],
            Decisions = decisions,
            Warnings = warnings,
            FailurePolicy = FailurePolicy.Rollback,
        };
    }

    /// <summary>True for a leaver that does not answer, which <see cref="Judge"/> lets through only when told to: nothing can be taken off its gateway, and it counts no more.</summary>
    internal static bool IsLeftBehind(GroupMember leaver) => leaver.State is MemberState.Lost or MemberState.Unknown;

    internal static Decision Decide(GroupMember leaver, string reason) => new(
        $"member {leaver.Member}",
        IsLeftBehind(leaver) ? $"leaves '{leaver.SecurityGroup}' without its gateway: {leaver.Gateway} does not answer and is left behind" : reason);

    internal static TopologyEdit Unassign(GroupMember leaver, bool keepPolicy) =>
        IsLeftBehind(leaver) ? new(TopologyEditKind.UnassignGateway, leaver.SecurityGroup, leaver.Gateway, leaver.Member, TopologyEdits.LeftBehind, "true")
        : keepPolicy ? new(TopologyEditKind.UnassignGateway, leaver.SecurityGroup, leaver.Gateway, leaver.Member, "KeepPolicy", "true")
        : new(TopologyEditKind.UnassignGateway, leaver.SecurityGroup, leaver.Gateway, leaver.Member);

    /// <summary>What the user should know of each that is left behind: what is on it, and what to do when it comes back.</summary>
    internal static IEnumerable<string> LeftBehind(IEnumerable<GroupMember> leavers) => leavers.Where(IsLeftBehind).Select(l =>
        $"{l.Gateway} is left behind with all that was placed on it as member {l.Member} of '{l.SecurityGroup}': its member files, its boot step, and the policy that it had. "
        + "When it answers again it counts as no member; Add-GroupMember cleans it and takes it in.");

    /// <summary>Why one that leaves is out of service, in the words that the fabric shows.</summary>
    internal const string Leaves = "leaves the group";

    /// <summary>Whether somebody has it hand over, or handed over, to let it leave.</summary>
    internal static bool IsDrainedToLeave(GroupMember member) => member.State is MemberState.Suspended or MemberState.Draining && member.Reason == Leaves;

    /// <summary>The stage that drains those that leave and still carry traffic, until the step that <paramref name="releasedBy"/> names is done; null where there is none, or where the fabric cannot.</summary>
    internal static PlanStage? Draining(ObservedWorld world, IReadOnlyList<GroupMember> leavers, DrainMode drain, string reason, Func<MemberRef, string> releasedBy, bool isReplaced = false, string destination = MembershipPlan.Nowhere)
    {
        if (!world.Traits.Capability.Contains("Suspend")) return null;
        var carrying = leavers.Where(l => l.State is MemberState.Active or MemberState.Standby).ToList();
        if (carrying.Count == 0) return null;
        SuspendMembersChange.RequireCanDrain(world, drain);
        return new PlanStage
        {
            Name = "drain",
            // One that is replaced leaves no gap.
            Steps =
            [
                .. carrying.Select(l => MembershipPlan.Suspend(
                    MemberRef.Of(l), drain, reason, releasedBy(MemberRef.Of(l)), isReplaced ? "" : CapacityGuard.Argument(world, carrying.Where(c => c.SecurityGroup == l.SecurityGroup).Select(c => c.Member)), leavesFor: destination)),
            ],
        };
    }

    /// <summary>Drain where the fabric can and the member carries traffic, unassign all in one apply, see them gone.</summary>
    internal static IEnumerable<PlanStage> Leaving(ObservedWorld world, IReadOnlyList<GroupMember> leavers, DrainMode drain, bool keepPolicy, bool stageOnly = false, bool isReplaced = false)
    {
        if (!stageOnly && Draining(world, leavers, drain, Leaves, _ => "topology/apply", isReplaced) is { } draining) yield return draining;
        var edits = leavers.Select(l => Unassign(l, keepPolicy)).ToList();
        var restore = leavers.Select(l => new TopologyEdit(TopologyEditKind.AssignGateway, l.SecurityGroup, l.Gateway, l.Member)).ToList();
        foreach (var stage in MembershipPlan.Change(world, edits, restore, stageOnly, isReplaced: isReplaced)) yield return stage;
        if (!stageOnly) yield return MembershipPlan.Leave([.. leavers.Select(MemberRef.Of)]);
    }
}

using System.Globalization;
using Maestro.Engine.Fabrics;
using Maestro.Engine.Model.Groups;
using Maestro.Engine.Operations.Plans;
using Maestro.Engine.Operations.Steps;
using Names = Maestro.Engine.Operations.Steps.StepArgumentNames;

namespace Maestro.Engine.Synchronisation;

/// <summary>The group's own health between commit and decision: who carried its traffic when the sync was planned carries it still. Pure.</summary>
internal static class HealthGate
{
    public const string HealthCheck = "Health";

    /// <summary>So long a member that comes back by itself is waited for: a quarter of the members' patience, half a minute at most.</summary>
    public static int Seconds(TimeSpan revertAfter) => ProbeStages.SecondsOf(revertAfter, 4);

    /// <summary>The stage with the look at the group beside its own questions, so that it takes none of the members' patience for itself; as it is where nobody carries anything, or the look is waived.</summary>
    /// <param name="check">What is asked of each member.</param>
    /// <param name="world">As planned.</param>
    /// <param name="group">The group.</param>
    /// <param name="needed">So many of its members must take what is synchronised; the others may be left behind, and so may be harmed.</param>
    /// <param name="revertAfter">The members' patience.</param>
    public static PlanStage Beside(PlanStage check, ObservedWorld world, SecurityGroup group, int needed, TimeSpan revertAfter)
    {
        if (world.SkippedChecks.Contains(HealthCheck, StringComparer.OrdinalIgnoreCase)) return check;
        var members = world.MembersOf(group.Name).ToList();
        var carrying = members.Where(Carries).Select(m => m.Gateway).ToList();
        if (carrying.Count == 0) return check;
        return check with
        {
            ParallelLimit = check.ParallelLimit + 1,
            Steps =
            [
                new PlanStep
                {
                    Id = "health",
                    Kind = StepKinds.GroupHealth,
                    Subject = $"health of group '{group.Name}'",
                    SecurityGroup = group.Name,
                    Arguments = StepArguments.Of((Names.Carrying, string.Join(",", carrying)), (Names.Spare, Text(members.Count - needed)), (Names.SettleTimeout, Text(Seconds(revertAfter)))),
                    Reason = "who carried the group's traffic carries it still",
                },
                .. check.Steps,
            ],
        };
    }

    /// <summary>What became worse; null when the group is as well as it was. Whom a hand took out, or who left the group, was not harmed.</summary>
    public static string? FindHarm(TopologyView view, PlanStep step)
    {
        var carried = step.Arguments[Names.Carrying].Split(',');
        var harmed = view.Members.Where(m => m.SecurityGroup == step.SecurityGroup && carried.Contains(m.Gateway) && IsHarmed(m)).ToList();
        if (harmed.Count <= step.Arguments.GetInt32(Names.Spare)) return null;
        return string.Join("; ", harmed.Select(m => $"{m.Member} carried traffic before and is {m.State}{(m.Reason.Length > 0 ? $" ({m.Reason})" : "")}"));
    }

    private static bool Carries(GroupMember member) => member.State is MemberState.Active or MemberState.Standby;

    private static bool IsHarmed(GroupMember member) => !Carries(member) && member.SuspendedBy.Length == 0 && member.State is not (MemberState.Draining or MemberState.Suspended or MemberState.Leaving);

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}

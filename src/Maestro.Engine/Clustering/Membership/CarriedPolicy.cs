using Maestro.Engine.Model.Groups;
using Maestro.Engine.Operations.Plans;
using Maestro.Engine.Operations.Steps;
using Names = Maestro.Engine.Operations.Steps.StepArgumentNames;

namespace Maestro.Engine.Clustering.Membership;

/// <summary>
/// By which policies and configurations the members of a group carried, where these differed when a plan was made: left behind by a sync, somebody may come back as he
/// was, for the operation that takes him out brings him nothing, and could else neither end nor be taken back.
/// </summary>
internal static class CarriedPolicy
{
    public static Plan Remember(Plan plan, ObservedWorld world)
    {
        if (world.Traits.JoinersPullPolicy || !plan.AllSteps.Any(s => Brings(s) || (s.Inverse is { } inverse && Brings(inverse)))) return plan;
        var carried = world.Deployed.Members.Where(m => m.State is MemberState.Active or MemberState.Standby).GroupBy(m => m.SecurityGroup, StringComparer.Ordinal)
            .Where(g => g.Select(Of).Distinct(StringComparer.Ordinal).Count() > 1).SelectMany(g => g).ToDictionary(m => m.Gateway, Of, StringComparer.Ordinal);
        return carried.Count == 0 ? plan : plan with { Stages = [.. plan.Stages.Select(s => s with { Steps = [.. s.Steps.Select(step => Mark(step, carried))] })] };
    }

    public static string Of(GroupMember member) => $"{member.PolicyFingerprint},{member.ConfigurationFingerprint}";

    private static bool Brings(PlanStep step) => step.Kind == StepKinds.MemberResume;

    private static PlanStep Mark(PlanStep step, IReadOnlyDictionary<string, string> carried)
    {
        var marked = Brings(step) && carried.TryGetValue(step.Gateway, out var by) ? step with { Arguments = step.Arguments.With(Names.Carried, by) } : step;
        return step.Inverse is { } inverse && Brings(inverse) ? marked with { Inverse = Mark(inverse, carried) } : marked;
    }
}

using System.Globalization;
using Maestro.Engine.Fabrics.Probes;
using Maestro.Engine.Model.Groups;
using Maestro.Engine.Operations.Plans;
using Maestro.Engine.Operations.Steps;
using Names = Maestro.Engine.Operations.Steps.StepArgumentNames;

namespace Maestro.Engine.Synchronisation;

/// <summary>The user's questions between commit and decision, each a stage of its own. Pure.</summary>
internal static class ProbeStages
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    /// <summary>That part of the members' patience, in whole seconds: one at least, half a minute at most.</summary>
    public static int SecondsOf(TimeSpan revertAfter, int part)
    {
        var share = TimeSpan.FromTicks(revertAfter.Ticks / part);
        return (int)Math.Max(1, (share < Longest ? share : Longest).TotalSeconds);
    }

    /// <summary>The stages; all together they take a third of the members' patience at most.</summary>
    public static IEnumerable<PlanStage> Of(IReadOnlyList<Probe> probes, string group, IReadOnlyList<GroupMember> members, TimeSpan revertAfter, int parallel)
    {
        for (var i = 0; i < probes.Count; i++)
        {
            var name = "probe/" + (i + 1).ToString(CultureInfo.InvariantCulture);
            var probe = probes[i];
            var seconds = SecondsOf(revertAfter, 3 * probes.Count);
            var step = new PlanStep
            {
                Id = name,
                Kind = StepKinds.Probe,
                Subject = "probe " + probe,
                SecurityGroup = group,
                Arguments = StepArguments.Of((Names.Probe, probe.Text), (Names.SettleTimeout, seconds.ToString(CultureInfo.InvariantCulture))),
                Reason = "must be content before it is decided",
            };
            yield return new PlanStage
            {
                Name = name,
                ParallelLimit = parallel,
                Steps = probe.IsOnMembers ? [.. members.Select(m => step with { Id = $"{name}/{m.Member}", Subject = $"probe {probe} on {m.Member}", Member = m.Member, Gateway = m.Gateway })] : [step],
            };
        }
    }
}

using System.Globalization;
using Maestro.Engine.Clustering.Distribution;
using Maestro.Engine.Fabrics;
using Maestro.Engine.Model.Groups;
using Maestro.Engine.Model.Monitoring;

namespace Maestro.Engine.Monitoring;

/// <summary>Whether every orchestrator goes by the group's table, and the table by the members: who carries has its share, who does not has none. Pure.</summary>
internal static class DistributionCheck
{
    public const string Name = "Distribution";

    public static IEnumerable<CheckResult> Judge(GroupEvidence seen)
    {
        if (seen.IsSteeringSilent) return [GroupChecks.Found(seen, Name, CheckOutcome.Fail, seen.NoDistribution, "Bring one of them back; what it steers by is known then.")];
        if (seen.Distribution is not { } traffic) return [Skipped(seen, seen.NoDistribution)];
        var slots = traffic.Table.Slots;
        if (slots.Members.Count == 0 && traffic.OutOfStep.Count == 0) return [Skipped(seen, "no orchestrator steers the group's traffic")];
        var found = traffic.OutOfStep.Select(words => GroupChecks.Found(seen, Name, CheckOutcome.Fail, words, $"Set-GroupDistribution {seen.Group.Name} with the mode that it has brings every orchestrator that answers in step."))
            .Concat(traffic.Orchestrators.Where(o => o.Lack.Length > 0).Select(o => GroupChecks.Found(seen, Name, CheckOutcome.Warn, $"{o.Orchestrator}: {o.Lack}", "Until then something else has to give the addresses, and Set-GroupDistribution brings them once the package is there.")))
            .Concat(Members(seen, slots)).ToList();
        return found.Count > 0 ? found : [GroupChecks.Found(seen, Name, CheckOutcome.Pass, $"{Text(slots.SlotCount)} slots over {Text(slots.Members.Count(m => m.TakesSlots))} members, version {Text(slots.Version)}")];
    }

    private static IEnumerable<CheckResult> Members(GroupEvidence seen, SlotTable slots)
    {
        var held = slots.CountActive().ToArray();
        var shares = slots.Members.Select(m => m.Share).ToArray();
        var due = shares.Any(s => s > 0) ? SlotQuota.Divide(slots.SlotCount, shares, held) : shares;
        foreach (var member in seen.Members)
        {
            var at = slots.IndexOf(new MemberId(member.Site, member.Number));
            var has = at < 0 ? 0 : held[at];
            if (member.State is MemberState.Active or MemberState.Standby)
            {
                if (at < 0 && member.Weight != 0) yield return GroupChecks.Found(seen, Name, CheckOutcome.Fail, $"is {member.State} and has no place in the table", "The next change of the group's members or distribution gives it its share.", member);
                else if (at >= 0 && has != due[at]) yield return GroupChecks.Found(seen, Name, CheckOutcome.Warn, $"carries {Text(has)} of {Text(slots.SlotCount)} slots, its share by weight is {Text(due[at])}", "The next change of the group's members or distribution gives it its share.", member);
            }
            else if (has > 0 && member.State != MemberState.Draining)
            {
                yield return GroupChecks.Found(seen, Name, CheckOutcome.Fail, $"is {member.State} and {Text(has)} of {Text(slots.SlotCount)} slots are steered to it", "Suspend-GroupMember or Remove-GroupMember gives its slots to the others.", member);
            }
        }
    }

    private static CheckResult Skipped(GroupEvidence seen, string reason) => GroupChecks.Found(seen, Name, CheckOutcome.Skipped, reason);

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}

using System.Globalization;
using Maestro.Engine.Clustering.Distribution;
using Maestro.Engine.Model.Groups;
using Maestro.Engine.Model.Monitoring;

namespace Maestro.Engine.Monitoring;

/// <summary>Whether every member sends and keeps copies, and every connection that should have one has it. Pure.</summary>
internal static class StateSyncCheck
{
    public const string Name = "StateSync";

    public static IEnumerable<CheckResult> Judge(GroupEvidence seen)
    {
        if (seen.Replication is not { } replication) return [GroupChecks.Found(seen, Name, CheckOutcome.Skipped, seen.NoReplication)];
        var found = new List<CheckResult>();
        foreach (var member in seen.Members.Where(m => m.State is MemberState.Active or MemberState.Standby))
        {
            var said = replication.FirstOrDefault(r => r.Member == member.Member);
            var missing = seen.MissingCopies.FirstOrDefault(c => c.Member == member.Member);
            if (missing is not null) found.Add(GroupChecks.Found(seen, Name, CheckOutcome.Fail, $"{Text(missing.Count)} of its connections have no copy, first: {missing.First}", "Get-GroupStateSync shows who is not reached; the next change of the distribution tells all members anew.", member));
            else if (said is null || said.Reason.Length > 0) found.Add(GroupChecks.Found(seen, Name, CheckOutcome.Warn, said?.Reason ?? "says nothing of copies", "Let members reach one another on the port of the inventory's stateSync.", member));
        }

        if (seen.Distribution is { } traffic) found.AddRange(RatioGuard.FindOff(traffic.Table.Slots.Members).Select(off => GroupChecks.Found(seen, Name, CheckOutcome.Warn, off.Words, $"Add-GroupMember or Resume-GroupMember on the site other than {Text(off.Site)}.")));
        return found.Count > 0 ? found : [GroupChecks.Found(seen, Name, CheckOutcome.Pass, $"{Text(replication.Sum(r => r.Owned ?? 0))} connections, {Text(replication.Sum(r => r.BackedUp ?? 0))} copies, none missing")];
    }

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}

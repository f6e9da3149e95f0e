using System.Globalization;
using Maestro.Engine.Clustering.Membership;
using Maestro.Engine.Model.Groups;
using Maestro.Engine.Model.Monitoring;
using Maestro.Engine.Model.Operations;

namespace Maestro.Engine.Monitoring;

/// <summary>
/// How a group is, decided by what all checks find: critical where traffic is lost or goes by other rules, or would be lost with the next member. A check
/// that fails never leaves it OK. Pure.
/// </summary>
internal static class GroupGrade
{
    // More do not help who looks at one line; Test-SecurityGroup shows all.
    private const int Clauses = 3;

    private sealed record Weighed(CheckResult Found, HealthGrade Grade);

    public static GroupHealth Judge(GroupEvidence seen)
    {
        var group = seen.Group;
        var outlook = CapacityGuard.Foresee(group, seen.Members);
        var found = GroupChecks.All.SelectMany(c => c.Judge(seen)).Select(f => new Weighed(f, Weigh(seen, f))).ToList();
        var isSilent = IsSilent(seen.Members);
        var grade = isSilent ? HealthGrade.Unknown : found.Select(w => w.Grade).OrderByDescending(Rank).First();
        return new GroupHealth
        {
            Session = group.Session,
            SecurityGroup = group.Name,
            Grade = grade,
            ActiveCount = group.ActiveCount,
            MemberCount = group.MemberCount,
            SpareSatisfied = isSilent ? null : outlook.Holds,
            SpareMargin = isSilent ? null : outlook.Margin,
            SmoMaster = group.SmoMaster,
            LoadPercent = Rounded(outlook.LoadPercent),
            CapacityPercentAfterLoss = Rounded(outlook.LoadPercentAfterLoss),
            // Never 100 while one lacks its copy.
            ProtectedPercent = Protected(seen) is { } part ? Math.Floor(part * 10) / 10 : null,
            PolicyAgrees = Agrees(seen, found, GroupChecks.PolicyAgreementName, GroupChecks.PolicyDriftName),
            ConfigurationAgrees = Agrees(seen, found, GroupChecks.ConfigurationAgreementName, GroupChecks.ConfigurationDriftName),
            Site = [.. seen.Members.GroupBy(m => m.Site).OrderBy(s => s.Key).Select(s => new SiteHealth { Id = s.Key, State = StateOf([.. s]) })],
            Hold = group.Hold,
            Since = isSilent ? GradeBeginning.OfSilence(seen) : grade == HealthGrade.OK ? null : found.Where(w => w.Grade == grade).Select(w => GradeBeginning.Of(seen, w.Found)).Min(),
            Reason = isSilent ? $"none of {Text(seen.Members.Count)} members answers{(seen.Members[0].Reason is { Length: > 0 } why ? ": " + why : "")}" : grade == HealthGrade.OK ? outlook.Words : Words(found),
        };
    }

    /// <summary>What a finding means for the group.</summary>
    private static HealthGrade Weigh(GroupEvidence seen, CheckResult found)
    {
        if (found.Result == CheckOutcome.Warn) return HealthGrade.Warn;
        // A group that forwards nothing yet is not well, though there is nothing to agree on.
        if (found is { Result: CheckOutcome.Skipped, Check: GroupChecks.PolicyAgreementName } && seen.Members.Count > 0) return HealthGrade.Warn;
        if (found.Result != CheckOutcome.Fail) return HealthGrade.OK;
        var member = seen.Members.FirstOrDefault(m => m.Member == found.Member);
        return found.Check switch
        {
            // What becomes of the traffic of who is out is for Capacity and Distribution to say.
            GroupChecks.MemberStateName or GroupChecks.ConfigurationAgreementName or GroupChecks.ConfigurationDriftName or StateSyncCheck.Name => HealthGrade.Warn,
            GroupChecks.CapacityName => seen.Members.Count == 0 ? HealthGrade.Warn : HealthGrade.Critical,
            GroupChecks.PolicyDriftName => member is not null && IsInService(member) && seen.PolicyDrift!.Any(d => d.Member == found.Member && d.Failure is null) ? HealthGrade.Critical : HealthGrade.Warn,
            DistributionCheck.Name when seen.IsSteeringSilent => HealthGrade.Unknown,
            // It could carry and does not; nothing is lost by that.
            DistributionCheck.Name when member is not null && IsInService(member) => HealthGrade.Warn,
            _ => HealthGrade.Critical,
        };
    }

    private static int Rank(HealthGrade grade) => grade switch
    {
        HealthGrade.OK => 0,
        HealthGrade.Warn => 1,
        HealthGrade.Unknown => 2,
        _ => 3,
    };

    private static bool IsInService(GroupMember member) => member.State is MemberState.Active or MemberState.Standby;

    private static bool IsSilent(IReadOnlyCollection<GroupMember> members) => members.Count > 0 && members.All(m => m.State is MemberState.Lost or MemberState.Unknown);

    private static SiteState StateOf(IReadOnlyCollection<GroupMember> members) =>
        members.Any(m => m.State == MemberState.Active) ? SiteState.Active
        : members.Any(m => m.State == MemberState.Standby) ? SiteState.Standby
        : IsSilent(members) ? SiteState.Unknown
        : SiteState.Down;

    /// <summary>Null where nobody is to agree, or there is nothing to agree on.</summary>
    private static bool? Agrees(GroupEvidence seen, IReadOnlyList<Weighed> found, string agreement, string drift)
    {
        var inService = seen.Members.Where(IsInService).Select(m => m.Member).ToList();
        if (inService.Count == 0 || found.Any(w => w.Found.Check == agreement && w.Found.Result == CheckOutcome.Skipped)) return null;
        return !found.Any(w => w.Found.Result == CheckOutcome.Fail && (w.Found.Check == agreement || w.Found.Check == drift) && inService.Contains(w.Found.Member));
    }

    private static double? Protected(GroupEvidence seen)
    {
        if (seen.Replication is not { } replication) return null;
        var (owned, bare) = (0L, 0L);
        foreach (var member in seen.Members.Where(IsInService))
        {
            if (replication.FirstOrDefault(r => r.Member == member.Member) is not { Owned: { } own, Unprotected: { } unprotected }) return null;
            owned += own;
            // What was compared counts where the member itself does not know it.
            bare += Math.Min(own, Math.Max(unprotected, seen.MissingCopies.FirstOrDefault(c => c.Member == member.Member)?.Count ?? 0));
        }

        return owned == 0 ? 100 : 100.0 * (owned - bare) / owned;
    }

    /// <summary>The worst first, of each member only what is worst.</summary>
    private static string Words(IReadOnlyList<Weighed> found)
    {
        var told = new HashSet<string>(StringComparer.Ordinal);
        var clauses = found.Where(w => w.Grade != HealthGrade.OK).OrderByDescending(w => Rank(w.Grade)).Where(w => w.Found.Member.Length == 0 || told.Add(w.Found.Member)).Select(w => Words(w.Found)).ToList();
        return string.Join("; ", clauses.Take(Clauses)) + (clauses.Count > Clauses ? $"; and {Text(clauses.Count - Clauses)} more" : "");
    }

    private static string Words(CheckResult found) => found.Check switch
    {
        GroupChecks.CapacityName => "no N+1: " + found.Reason,
        GroupChecks.PolicyDriftName or GroupChecks.ConfigurationDriftName => $"{found.Member}: {found.Reason}",
        StateSyncCheck.Name when found.Member.Length > 0 => $"{found.Member}: {found.Reason}",
        _ => found.Member.Length > 0 ? $"{found.Member} {found.Reason}" : found.Reason,
    };

    private static double? Rounded(double? percent) => percent is { } known ? Math.Round(known, 1) : null;

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}

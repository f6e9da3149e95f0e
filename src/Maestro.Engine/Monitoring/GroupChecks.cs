using System.Globalization;
using Maestro.Engine.Clustering.Membership;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Groups;
using Maestro.Engine.Model.Monitoring;
using Maestro.Engine.Model.Operations;
using Maestro.Engine.Model.Policy;
using State = Maestro.Engine.Model.Groups.MemberState;

namespace Maestro.Engine.Monitoring;

/// <summary>Every check that this version knows, in the order in which they are told.</summary>
internal static class GroupChecks
{
    public const string MemberStateName = "MemberState";
    public const string CapacityName = "Capacity";
    public const string PolicyAgreementName = "PolicyAgreement";
    public const string ConfigurationAgreementName = "ConfigurationAgreement";
    public const string PolicyDriftName = "PolicyDrift";
    public const string ConfigurationDriftName = "ConfigurationDrift";
    public const string OperationName = "Operation";

    private static readonly Content Policies = new(PolicyAgreementName, "policy", "Sync-Policy", m => (m.PolicyVersion, m.PolicyFingerprint), g => (g.PolicyVersion, g.PolicyFingerprint));
    private static readonly Content Configurations = new(ConfigurationAgreementName, "configuration", "Sync-Configuration", m => (m.ConfigurationVersion, m.ConfigurationFingerprint), g => (g.ConfigurationVersion, g.ConfigurationFingerprint));

    public static IReadOnlyList<GroupCheck> All { get; } =
    [
        new(MemberStateName, "Members", "every member is in service", MemberState),
        new(CapacityName, CapacityName, "the loss of the spare members can be borne (N+1)", Capacity),
        new(PolicyAgreementName, "Agreement", "every active member holds the group's policy, proven", seen => Agreement(seen, Policies)),
        new(ConfigurationAgreementName, "Agreement", "every active member has the group's configuration, proven", seen => Agreement(seen, Configurations)),
        new(PolicyDriftName, "Drift", "no member's policy differs from the group's in any line", PolicyDrift) { NeedsPolicyDrift = true },
        new(ConfigurationDriftName, "Drift", "no member's configuration differs from the group's in any item", ConfigurationDrift) { NeedsConfigurationDrift = true },
        new(DistributionCheck.Name, DistributionCheck.Name, "every orchestrator steers by the group's table, and the table goes by the members", DistributionCheck.Judge) { NeedsDistribution = true },
        new(StateSyncCheck.Name, StateSyncCheck.Name, "every connection that should have a copy has it", StateSyncCheck.Judge) { NeedsReplication = true, NeedsDistribution = true },
        new("PendingChange", "Pending", "nothing is staged and not applied", Pending),
        new(OperationName, "Operations", "no operation was left unfinished", Unfinished),
    ];

    /// <summary>The checks of these names or families; of all when there are none.</summary>
    /// <exception cref="MaestroException"><c>ParameterInvalid</c>: there is no such check.</exception>
    public static IReadOnlyList<GroupCheck> Named(IReadOnlyList<string> names)
    {
        if (names.Count == 0) return All;
        if (names.FirstOrDefault(n => !All.Any(c => Is(c, n))) is { } unknown)
        {
            throw new MaestroException(ErrorCatalogue.ParameterInvalid, $"There is no check '{unknown}'.", unknown, $"The checks are {string.Join(", ", All.Select(c => c.Name))}; the families {string.Join(", ", All.Select(c => c.Family).Distinct())}.");
        }

        return [.. All.Where(c => names.Any(n => Is(c, n)))];
    }

    /// <summary>What members agree on.</summary>
    private sealed record Content(string Check, string Noun, string Sync, Func<GroupMember, (int? Number, string Fingerprint)> HeldBy, Func<SecurityGroup, (int? Number, string Fingerprint)> OwnOf);

    private static bool Is(GroupCheck check, string name) => string.Equals(check.Name, name, StringComparison.OrdinalIgnoreCase) || string.Equals(check.Family, name, StringComparison.OrdinalIgnoreCase);

    private static IEnumerable<CheckResult> MemberState(GroupEvidence seen)
    {
        if (seen.Members.Count == 0) return [Found(seen, MemberStateName, CheckOutcome.Warn, "the group has no members", "Add-GroupMember brings gateways in.")];
        return seen.Members.Select(m => m.State switch
        {
            State.Active or State.Standby => Found(seen, MemberStateName, CheckOutcome.Pass, $"is {m.State}", member: m),
            State.Suspended => Found(seen, MemberStateName, CheckOutcome.Warn, $"is out by hand{(m.SuspendedBy.Length > 0 ? $" of {m.SuspendedBy}" : "")}{Because(m)}", "Resume-GroupMember brings it back.", m),
            State.Ready or State.Joining or State.Booting or State.Draining or State.Leaving => Found(seen, MemberStateName, CheckOutcome.Warn, $"is {m.State}{Because(m)}", member: m),
            State.Held => Found(seen, MemberStateName, CheckOutcome.Fail, $"forwards nothing{Because(m)}", "Sync-Policy without -Path settles it.", m),
            _ => Found(seen, MemberStateName, CheckOutcome.Fail, $"is {m.State}{Because(m)}", "Look at the member; Remove-GroupMember -SkipCheck Reachable takes one out that is gone for good.", m),
        });
    }

    private static IEnumerable<CheckResult> Capacity(GroupEvidence seen)
    {
        var (holds, words) = CapacityGuard.Judge(seen.Group, seen.Members);
        return [Found(seen, CapacityName, holds ? CheckOutcome.Pass : CheckOutcome.Fail, words, holds ? "" : "Add a member, or bring back who is out.")];
    }

    private static IEnumerable<CheckResult> Agreement(GroupEvidence seen, Content content)
    {
        if (content.OwnOf(seen.Group) is not ({ } version, var fingerprint)) return [Found(seen, content.Check, CheckOutcome.Skipped, $"the group has no {content.Noun} yet", $"{content.Sync} gives it one.")];
        var active = seen.Members.Where(m => m.State is State.Active or State.Standby).ToList();
        var behind = active.Where(m => content.HeldBy(m) != (version, fingerprint)).ToList();
        if (behind.Count == 0) return [Found(seen, content.Check, CheckOutcome.Pass, $"{Text(active.Count)} active hold {Words(version, fingerprint)}")];
        return behind.Select(m => Found(
            seen,
            content.Check,
            CheckOutcome.Fail,
            content.HeldBy(m) switch
            {
                (null, _) => $"holds no {content.Noun} of ours",
                ({ } held, "") => $"says #{Text(held)}, but what is read back there is something else",
                ({ } held, var other) => $"holds {Words(held, other)}, the group's is {Words(version, fingerprint)}",
            },
            $"{content.Sync} without -Path heals the members that differ.",
            m));
    }

    private static IEnumerable<CheckResult> PolicyDrift(GroupEvidence seen) => seen.PolicyDrift is not { } drift
        ? [Found(seen, PolicyDriftName, CheckOutcome.Skipped, seen.NoPolicyDrift)]
        : Drift(seen, PolicyDriftName, "Policy", [.. drift.Select(d => (d.Member, d.Failure, Lines(d.Difference.Count, (d.Difference.FirstOrDefault(l => l.Line > 0) ?? d.Difference.FirstOrDefault())?.ToString())))], seen.ComparedIn);

    private static IEnumerable<CheckResult> ConfigurationDrift(GroupEvidence seen) => seen.ConfigurationDrift is not { } drift
        ? [Found(seen, ConfigurationDriftName, CheckOutcome.Skipped, seen.NoConfigurationDrift)]
        : Drift(seen, ConfigurationDriftName, "Configuration", [.. drift.Select(d => (d.Member, d.Failure, Lines(d.Difference.Count, d.Difference.FirstOrDefault()?.ToString())))], seen.ConfigurationComparedIn);

    private static IEnumerable<CheckResult> Drift(GroupEvidence seen, string check, string noun, IReadOnlyList<(string Member, MaestroException? Failure, string Words)> drift, TimeSpan took)
    {
        if (drift.Count == 0) return [Found(seen, check, CheckOutcome.Pass, $"{Text(seen.Members.Count)} members as intended") with { Duration = took }];
        return drift.Select(d => Found(
            seen,
            check,
            CheckOutcome.Fail,
            d.Failure?.Message ?? d.Words,
            d.Failure is null ? $"Compare-{noun} {seen.Group.Name} {d.Member} shows every difference; Sync-{noun} without -Path heals it." : d.Failure.Advice,
            seen.Members.FirstOrDefault(m => m.Member == d.Member)) with { Duration = took });
    }

    private static IEnumerable<CheckResult> Pending(GroupEvidence seen)
    {
        if (seen.Pending.Count == 0) return [Found(seen, "PendingChange", CheckOutcome.Pass, "nothing is pending")];
        var foreign = seen.Pending.Count(p => p.Origin != ChangeOrigin.Own);
        return
        [
            Found(
                seen,
                "PendingChange",
                CheckOutcome.Warn,
                $"{Text(seen.Pending.Count)} change{(seen.Pending.Count == 1 ? "" : "s")} not applied{(foreign > 0 ? $", {Text(foreign)} of them not ours" : "")}",
                "Get-PendingChange shows them; Publish-PendingChange applies, Undo-PendingChange discards."),
        ];
    }

    private static IEnumerable<CheckResult> Unfinished(GroupEvidence seen)
    {
        if (seen.Unfinished.Count == 0) return [Found(seen, OperationName, CheckOutcome.Pass, "none is unfinished")];
        return seen.Unfinished.Select(o => Found(
            seen,
            OperationName,
            o.State == OperationState.Unsettled ? CheckOutcome.Fail : CheckOutcome.Warn,
            $"{o.Id} ({o.Kind}) is {o.State}{(o.UnsettledMember.Count > 0 ? ": " + string.Join(", ", o.UnsettledMember) : "")}{(o.Reason.Length > 0 ? ": " + o.Reason : "")}",
            $"Resume-MaestroOperation {o.Id} goes on with it; the next change on the group settles it first."));
    }

    private static string Lines(int count, string? first) =>
        first is null ? "what a restart brings differs from what the group should have" : $"{Text(count)} difference{(count == 1 ? "" : "s")}, first: {first}";

    internal static CheckResult Found(GroupEvidence seen, string check, CheckOutcome result, string reason, string advice = "", GroupMember? member = null) => new()
    {
        SecurityGroup = seen.Group.Name,
        Member = member?.Member ?? "",
        Check = check,
        Result = result,
        Reason = reason,
        Advice = advice,
        Session = seen.Group.Session,
    };

    private static string Because(GroupMember member) => member.Reason.Length > 0 ? ": " + member.Reason : "";

    private static string Words(int number, string fingerprint) => Synchronisation.Policy.PolicyComparer.Words(number, fingerprint);

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}

using Maestro.Engine.Model.Operations;
using Maestro.Engine.Model.Policy;
using Maestro.Engine.Operations.Plans;
using Maestro.Engine.Operations.Running;
using Maestro.Engine.Operations.Steps;
using Names = Maestro.Engine.Operations.Steps.StepArgumentNames;

namespace Maestro.Engine.Synchronisation.Policy;

/// <summary>Makes the report of a sync from its plan and its journal.</summary>
public static class SyncReportBuilder
{
    public static SyncReport Build(OperationResult result, IReadOnlyList<Model.Groups.GroupMember> before, string session)
    {
        var plan = result.Plan;
        var operation = result.Operation;
        var carriage = Carriage.Synchronised(plan.Kind);
        var fingerprint = plan.Attributes.Get(Names.Fingerprint);
        var members = plan.Participants.Select(p => Member(carriage, p, plan, operation, before, fingerprint)).ToList();
        return new SyncReport
        {
            Id = operation?.Id ?? "",
            SecurityGroup = plan.SecurityGroup,
            Outcome = IsPartial(plan, operation, members) ? SyncOutcome.Partial : Outcome(operation, plan.Attributes.Get(Names.PrepareOnly) == "true"),
            Version = plan.Attributes.GetOptionalInt32(Names.Generation),
            PreviousVersion = plan.Attributes.GetOptionalInt32(Names.Parent),
            Fingerprint = fingerprint,
            Member = members,
            Reason = operation?.Reason ?? "every member holds it already",
            Duration = operation?.Duration ?? TimeSpan.Zero,
            Session = session,
        };
    }

    /// <summary>Some hold it for good, or have it ready where no more was asked, and some were left behind, as the mode allows.</summary>
    private static bool IsPartial(Plan plan, MaestroOperation? operation, IReadOnlyList<MemberSyncResult> members) =>
        plan.Attributes.Get(Names.Mode).Length > 0 && operation?.State is OperationState.Unsettled or OperationState.Stopped && members.Any(m => m.Outcome == (plan.Attributes.Get(Names.PrepareOnly) == "true" ? MemberSyncOutcome.Staged : MemberSyncOutcome.Confirmed));

    private static SyncOutcome Outcome(MaestroOperation? operation, bool preparedOnly) => operation?.State switch
    {
        null => SyncOutcome.Unchanged,
        OperationState.Held => SyncOutcome.Held,
        OperationState.Succeeded when preparedOnly => SyncOutcome.Prepared,
        OperationState.Succeeded => SyncOutcome.Confirmed,
        OperationState.RolledBack => SyncOutcome.Reverted,
        OperationState.Paused or OperationState.Stopped => operation.Step.Any(s => s.Outcome == StepOutcome.Undone) ? SyncOutcome.Reverted : SyncOutcome.Failed,
        OperationState.Failed => SyncOutcome.Failed,
        _ => SyncOutcome.Unsettled,
    };

    private static MemberSyncResult Member(Carriage carriage, MemberRef reference, Plan plan, MaestroOperation? operation, IReadOnlyList<Model.Groups.GroupMember> before, string fingerprint)
    {
        var preparedOnly = plan.Attributes.Get(Names.PrepareOnly) == "true";
        var had = before.FirstOrDefault(b => b.Member == reference.Member) is { } member ? carriage.HeldBy(member).Fingerprint : "";
        var steps = operation?.Step.Where(s => s.Member == reference.Member).ToList() ?? [];
        if (steps.Count == 0)
        {
            return new MemberSyncResult { Member = reference.Member, Outcome = MemberSyncOutcome.Unchanged, Before = had, After = had, Reason = "holds it already, proven" };
        }

        var last = steps.LastOrDefault(s => s.Outcome != StepOutcome.Waiting) ?? steps[0];
        var isUnsettled = operation!.UnsettledMember.Contains(reference.Member);
        var why = last.Reason;
        // A look has nothing to take back; what it looked at was.
        if (last.Outcome is StepOutcome.Done or StepOutcome.Already || last.Kind == carriage.Steps.Check) last = steps.LastOrDefault(s => s.Outcome == StepOutcome.Undone) ?? last;
        var unreached = isUnsettled ? null : steps.LastOrDefault(s => s.Outcome == StepOutcome.UndoFailed);
        if (unreached is not null) (last, why) = (unreached, unreached.Reason);
        // Who was left behind by a mode says himself why.
        var outcome = plan.Attributes.Get(Names.Mode).Length == 0 && isUnsettled ? MemberSyncOutcome.Unsettled : last.Outcome switch
        {
            _ when unreached is not null => MemberSyncOutcome.Unreachable,
            StepOutcome.Done or StepOutcome.Already => last == steps[steps.Count - 1] && !preparedOnly ? MemberSyncOutcome.Confirmed : MemberSyncOutcome.Staged,
            StepOutcome.Undone => MemberSyncOutcome.Reverted,
            StepOutcome.Refused => MemberSyncOutcome.Refused,
            StepOutcome.Waiting => MemberSyncOutcome.NotTried,
            _ => MemberSyncOutcome.Unsettled,
        };
        return new MemberSyncResult
        {
            Member = reference.Member,
            Outcome = outcome,
            Before = had,
            After = outcome switch
            {
                MemberSyncOutcome.Confirmed => fingerprint,
                MemberSyncOutcome.Unsettled or MemberSyncOutcome.Unreachable => "",
                _ => had,
            },
            Reason = why,
            Duration = (steps.Max(s => s.EndedAt) - steps.Min(s => s.StartedAt)) ?? TimeSpan.Zero,
        };
    }
}

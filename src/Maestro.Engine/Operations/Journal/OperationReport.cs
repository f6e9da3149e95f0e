using Maestro.Engine.Model.Operations;
using Maestro.Engine.Operations.Plans;

namespace Maestro.Engine.Operations.Journal;

/// <summary>Makes the object that users see from record, plan and journal.</summary>
internal static class OperationReport
{
    public static MaestroOperation Build(OperationRecord record, IReadOnlyList<JournalEntry> entries, DateTimeOffset now, string session)
    {
        var plan = PlanSerializer.FromJson(record.PlanJson);
        var history = OperationHistory.Of(entries);
        var state = record.State;
        var steps = plan.Stages.SelectMany(stage => stage.Steps.Select(step => Step(stage, step, history[step.Id], state))).ToList();
        return new MaestroOperation
        {
            Id = record.Id,
            Kind = record.Kind,
            SecurityGroup = record.SecurityGroup,
            State = state,
            Changed = history.Changed,
            Reason = record.Reason,
            NextStep = NextStep(state, plan, history),
            Message = record.Message,
            Owner = record.Owner.ToString(),
            Token = record.Token,
            StartedAt = record.StartedAt,
            EndedAt = record.EndedAt,
            Duration = (record.EndedAt ?? entries.LastOrDefault()?.At ?? now) - record.StartedAt,
            StepsDone = steps.Count(s => s.Outcome is StepOutcome.Done or StepOutcome.Already),
            StepsTotal = steps.Count,
            Step = steps,
            Decision = [.. plan.Decisions.Select(d => d.ToString())],
            UnsettledMember = record.UnsettledMembers,
            Session = session,
        };
    }

    private static OperationStep Step(PlanStage stage, PlanStep step, StepHistory history, OperationState state) => new()
    {
        Id = step.Id,
        Stage = stage.Name,
        Kind = step.Kind,
        Subject = step.Subject,
        Member = step.Member,
        // No entry says "running" for a run that is at rest: what was in flight is not known until it is settled.
        Outcome = history.Outcome == StepOutcome.Running && state is not (OperationState.Running or OperationState.Waiting) ? StepOutcome.Unknown : history.Outcome,
        Attempt = history.Attempt,
        StartedAt = history.StartedAt,
        EndedAt = history.EndedAt,
        Reason = history.Reason.Length > 0 ? history.Reason : step.Reason,
        Evidence = history.Evidence,
    };

    private static string NextStep(OperationState state, Plan plan, OperationHistory history)
    {
        if (OperationStateMachine.IsEnd(state) || state == OperationState.Running) return "";
        if (state == OperationState.Held) return "confirm";
        if (history.TakingBack) return "undo what was begun";
        if (!history.Decided && plan.FailurePolicy == FailurePolicy.Rollback && state != OperationState.Paused) return "undo what was begun";
        var next = plan.AllSteps.FirstOrDefault(s => !history[s.Id].IsDone);
        return next is null ? "close" : $"{next.Kind} {next.Subject}";
    }
}

using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Operations;
using Maestro.Engine.Operations.Journal;
using Maestro.Engine.Operations.Plans;
using Maestro.Engine.Operations.Steps;

namespace Maestro.Engine.Operations.Running;

/// <summary>Where a run came to rest.</summary>
internal sealed record RunEnd(OperationState State, string Reason, MaestroException? Failure = null, IReadOnlyList<string>? UnsettledMembers = null);

/// <summary>
/// Runs a plan from wherever its journal says it stands: stage after stage, the decision before the point of no return, the failure policy
/// when a step fails. A fresh run, a resumed one and the settling of a dead process's run are the same call.
/// </summary>
internal sealed class PlanRunner(StepRunner steps, RunSurroundings run, RunControl control, Func<Task> readRequests)
{
    /// <summary>How often what grew old is asked again before the decision: one slow answer makes those of all others old.</summary>
    private const int MostRounds = 5;

    // By this run's own clock, which no jump of the machine's moves; what an earlier run saw is old.
    private readonly Dictionary<string, (long At, bool IsDone)> _seenAt = new(StringComparer.Ordinal);

    // Steps whose inverses were waited for, as long as what they did can last.
    private readonly HashSet<string> _outlasted = new(StringComparer.Ordinal);

    /// <summary>
    /// Whether the run can only go forward: it is past its decision and something was carried out of it. A decision whose first step was refused
    /// binds nobody, and holding on to it would keep what was staged in everybody's way.
    /// </summary>
    private bool IsCommitted => run.History.Decided
        && run.Plan.Stages.Where(s => s.AfterDecision).SelectMany(s => s.Steps).Any(s => run.History[s.Id].Outcome is not (StepOutcome.Waiting or StepOutcome.Refused));

    /// <summary>Forward to the end, or to where it fails or rests.</summary>
    public async Task<RunEnd> RunAsync()
    {
        var behind = new List<StepResult>();
        foreach (var stage in run.Plan.Stages)
        {
            if (IsPassed(stage)) continue;
            if (stage.AfterDecision && !run.History.Decided && await AskAgainAsync(behind) is { } end) return end;
            var takenBack = await FindTakenBackAsync(stage);
            var open = stage.Steps.Where(s => (!run.History[s.Id].IsDone || (stage.AfterDecision && IsOld(stage, s)) || IsFromBeforeUndo(stage, s) || takenBack.Contains(s)) && !IsBehind(s)).ToList();
            if (open.Count == 0) continue;

            await readRequests();
            // Past the decision a stage that may not rest is the shortest way to safety; before it, resting means taking back.
            if (control.ShouldEnd(stage.MayRest || !IsCommitted)) return await RestAsync();
            if (stage.HoldBefore && !run.History.IsReleased) return new RunEnd(OperationState.Held, "it waits to be confirmed");
            if (stage.AfterDecision && !run.History.Decided)
            {
                await run.AppendAsync(JournalEntryKind.Decided, "every step before the point of no return is done and verified");
                run.Publish(OperationEventKind.Decided, "from here the run goes forward only");
            }

            var results = await RunStageAsync(stage, open);
            var failed = results.Where(r => !r.IsDone && r.Outcome != StepOutcome.Running).ToList();
            if (control.Loss is not null) return await RestAsync();
            if (failed.Count > 0 && !MayGoOn(stage)) return await FailAsync(failed, behind);
            if (results.Any(r => r.Outcome == StepOutcome.Running) || results.Count < open.Count) return await RestAsync();
            behind.AddRange(failed);
        }

        return behind.Count > 0 ? LeftBehind(behind) : new RunEnd(OperationState.Succeeded, "");

        bool IsBehind(PlanStep step) => step.Member.Length > 0 && behind.Any(b => b.Step.Member == step.Member);
    }

    /// <summary>A stage before the decision of a plan that may leave members behind, once that was made and acted on: whom it left behind the stages after it bring forward.</summary>
    private bool IsPassed(PlanStage stage) => !stage.AfterDecision && IsCommitted && run.Plan.Stages.Any(s => s.LeastDone is not null);

    /// <summary>What was only looked at, and was so before something that it followed from began to be undone, is looked at again.</summary>
    private bool IsFromBeforeUndo(PlanStage stage, PlanStep step) =>
        step.Inverse is null && steps.LooksFirst(step)
        && run.Plan.Stages.TakeWhile(s => s != stage).SelectMany(s => s.Steps).Any(s => run.History[s.Id].UndoBeganIn > run.History[step.Id].EndedIn);

    /// <summary>Whom an earlier run drained to let him leave, who has not left yet, and whom another store's hand has brought back since.</summary>
    private async Task<IReadOnlyList<PlanStep>> FindTakenBackAsync(PlanStage stage)
    {
        var lasting = stage.Steps.Where(s => s.TakesOutOfService && run.History[s.Id].IsDone && !run.History[s.ReleasedBy].IsDone && !IsOfThisRun(s)).ToList();
        // At once, so that they share one question.
        var isTakenBack = await Task.WhenAll(lasting.Select(steps.IsTakenBackAsync));
        return [.. lasting.Where((_, i) => isTakenBack[i])];
    }

    private static bool BringsForward(string kind) => Carriage.All.Any(c => kind == c.Steps.Extend || kind == c.Steps.Confirm || kind == c.Steps.Agree);

    private static List<string> NamesOf(IEnumerable<StepResult> results)
    {
        var names = results.Select(r => NameOf(r.Step)).Distinct().ToList();
        names.Sort(Model.Groups.MemberId.Compare);
        return names;
    }

    private static string NameOf(PlanStep step) => step.Member.Length > 0 ? step.Member : step.Subject;

    private bool MayGoOn(PlanStage stage) => stage.LeastDone is { } least
        && (least == 0 || stage.Steps.All(s => s.Member.Length > 0 || run.History[s.Id].IsDone))
        && stage.Steps.Count(s => s.Member.Length > 0 && run.History[s.Id].IsDone) >= least;

    /// <summary>Done, but not by all, as the plan allows. The next run tries once more to bring them forward; a second time nobody is kept waiting for them, nor where nothing was decided that they could be brought forward to.</summary>
    private RunEnd LeftBehind(IReadOnlyList<StepResult> behind)
    {
        var members = behind.Select(b => b.Step.Member).Where(m => m.Length > 0).Distinct().ToList();
        if (members.Count == 0) members.Add(NameOf(behind[0].Step));
        members.Sort(Model.Groups.MemberId.Compare);
        var why = $"left behind: {string.Join("; ", behind.Select(b => $"{NameOf(b.Step)} ({b.Reason})"))}";
        run.Publish(OperationEventKind.Warning, why);
        return run.History.WasUnsettled || !run.History.Decided ? new RunEnd(OperationState.Stopped, why) : new RunEnd(OperationState.Unsettled, why, UnsettledMembers: members);
    }

    /// <summary>Asks again whatever was seen too long ago to decide by.</summary>
    /// <param name="behind">Grows by those who are left behind now.</param>
    /// <returns>Null when the decision may be made; else where the run ended.</returns>
    private async Task<RunEnd?> AskAgainAsync(List<StepResult> behind)
    {
        for (var round = 1; ; round++)
        {
            var old = run.Plan.Stages.Where(s => s is { AfterDecision: false, CountsFor: not null })
                .Select(s => (Stage: s, Steps: s.Steps.Where(step => run.History[step.Id].IsDone && IsOld(s, step)).ToList()))
                .FirstOrDefault(s => s.Steps.Count > 0);
            if (old.Stage is null) return null;
            if (round > MostRounds) return await FailAsync([.. old.Steps.Select(s => new StepResult(s, StepOutcome.Refused, "what it said was too old to decide by each time that it was asked", Code: ErrorCatalogue.MemberUnreachable))], behind);

            var results = await RunStageAsync(old.Stage, old.Steps);
            if (control.Loss is not null) return await RestAsync();
            var failed = results.Where(r => !r.IsDone && r.Outcome != StepOutcome.Running).ToList();
            if (failed.Count > 0 && !MayGoOn(old.Stage)) return await FailAsync(failed, behind);
            if (results.Any(r => r.Outcome == StepOutcome.Running) || results.Count < old.Steps.Count) return await RestAsync();
            behind.AddRange(failed);
        }
    }

    private bool IsOld(PlanStage stage, PlanStep step)
    {
        if (stage.CountsFor is not { } limit) return false;
        lock (_seenAt) return !_seenAt.TryGetValue(step.Id, out var seen) || run.Time.GetElapsedTime(seen.At) >= limit;
    }

    /// <summary>Backward: the inverses of all that may have acted, newest stage first.</summary>
    public async Task<RunEnd> UndoAsync(string why, MaestroException? failure, OperationState whenUndone)
    {
        var failed = new List<StepResult>();
        var left = new List<StepResult>();
        var acted = false;
        foreach (var stage in run.Plan.Stages.Reverse())
        {
            var toUndo = stage.Steps.Where(s => run.History[s.Id].MayHaveActed || MayHaveComeLate(s)).Reverse().ToList();
            acted |= toUndo.Any(s => run.History[s.Id].MayHaveActed);
            // Who was not reached a moment ago is not tried anew for each of his steps.
            toUndo.RemoveAll(s => steps.ComesByItself(s) is not null && left.Concat(failed).Any(l => l.IsSilent && l.Step.Member == s.Member));
            var undone = await UndoStepsAsync(stage, toUndo, outlast: failure is null);
            failed.AddRange(undone.Failed);
            left.AddRange(undone.Left);
            if (control.Loss is not null) return LostEnd();
        }

        (why, failure) = WithThoseLeft(left, why, failure);
        // Who is on his way back by himself may hold it still; why it was taken back says more than that.
        var unsettled = NamesOf([.. failed, .. left.Where(l => !IsOver(l.Step))]);
        if (unsettled.Count > 0 && failed.Count == 0 && failure is not null && whenUndone == OperationState.RolledBack) return new RunEnd(OperationState.Unsettled, why, failure, unsettled);
        if (unsettled.Count > 0) return Unsettled(unsettled, why);
        return new RunEnd(whenUndone == OperationState.RolledBack && !acted ? OperationState.Failed : whenUndone, why, failure);
    }

    /// <summary>No fabric fences what is staged: a request of the run before, which stood still on its way, may have arrived after that was taken back.</summary>
    private bool MayHaveComeLate(PlanStep step) => step.Kind == StepKinds.TopologyStage && run.History[step.Id].Outcome == StepOutcome.Undone;

    /// <summary>Ends for good: what the failure policy would undo is undone, what is out of service by our hand comes back.</summary>
    public async Task<RunEnd> StopAsync(string why)
    {
        if (run.Plan.FailurePolicy == FailurePolicy.Rollback && !IsCommitted) return await UndoAsync(why, failure: null, OperationState.Stopped);
        // Half of a stage that may not rest is neither side: past the decision it is finished first. Where nothing is left, there is nothing to stop.
        if (IsCommitted && run.Plan.Stages.FirstOrDefault(s => !IsPassed(s) && s.Steps.Any(step => !run.History[step.Id].IsDone)) is null or { MayRest: false }) return await RunAsync();
        var unsettled = await RestoreServiceAsync();
        if (control.Loss is not null) return LostEnd();
        return unsettled.Count > 0 ? Unsettled(unsettled, why) : new RunEnd(OperationState.Stopped, why);
    }

    private async Task<IReadOnlyList<StepResult>> RunStageAsync(PlanStage stage, IReadOnlyList<PlanStep> open)
    {
        var results = new StepResult?[open.Count];
        var next = 0;
        var failed = false;
        var goOn = stage.AfterDecision || stage.LeastDone is not null;

        async Task WorkAsync()
        {
            while (true)
            {
                int mine;
                lock (results)
                {
                    // Before the decision a failure ends the stage, if all are needed; after it every member is brought forward that can be.
                    if (next >= open.Count || (failed && !goOn)) return;
                    mine = next++;
                }

                if (control.ShouldEnd(stage.MayRest)) return;
                var result = await steps.RunAsync(open[mine], stage);
                lock (_seenAt) _seenAt[result.Step.Id] = (run.Time.GetTimestamp(), result.IsDone);
                lock (results)
                {
                    results[mine] = result;
                    failed |= !result.IsDone && result.Outcome != StepOutcome.Running;
                }
            }
        }

        var workers = Math.Max(1, Math.Min(stage.ParallelLimit, open.Count));
        await Task.WhenAll(Enumerable.Range(0, workers).Select(_ => WorkAsync()));
        return [.. results.Where(r => r is not null).Select(r => r!)];
    }

    /// <param name="failed">Why it cannot go on.</param>
    /// <param name="behind">Whom it had left behind before.</param>
    private async Task<RunEnd> FailAsync(IReadOnlyList<StepResult> failed, IReadOnlyList<StepResult> behind)
    {
        var first = failed[0];
        var why = string.Join("; ", failed.Select(f => $"{f.Step.Subject}: {f.Reason}"));
        var failure = new MaestroException(first.Code ?? ErrorCatalogue.OperationFailed, why, first.Step.Subject);
        if (IsCommitted)
        {
            // Whoever had the group meanwhile confirmed a later version on it: there is no side of ours left to reach, and holding on would keep everybody off it.
            if (failed.All(f => BringsForward(f.Step.Kind) && f.Code == ErrorCatalogue.PlanStale)) return new RunEnd(OperationState.Stopped, why, failure);
            var left = failed.Concat(behind).Select(f => NameOf(f.Step)).Distinct().ToList();
            return new RunEnd(OperationState.Unsettled, why, new MaestroException(ErrorCatalogue.GroupUnsettled, $"{why}. Not settled: {string.Join(", ", left)}.", run.Plan.SecurityGroup), left);
        }

        switch (run.Plan.FailurePolicy)
        {
            case FailurePolicy.Rollback:
                return await UndoAsync(why, failure, OperationState.RolledBack);

            case FailurePolicy.Stop:
                var unsettled = await RestoreServiceAsync();
                if (control.Loss is not null) return LostEnd();
                return unsettled.Count > 0 ? Unsettled(unsettled, why) : new RunEnd(run.History.Changed ? OperationState.Stopped : OperationState.Failed, why, failure);

            default:
                unsettled = await RestoreServiceAsync();
                if (control.Loss is not null) return LostEnd();
                return unsettled.Count > 0 ? Unsettled(unsettled, why) : new RunEnd(OperationState.Paused, why, failure);
        }
    }

    /// <summary>Comes to rest as it was asked: members back in service, journal closed.</summary>
    private async Task<RunEnd> RestAsync()
    {
        if (control.Loss is not null) return LostEnd();
        var why = control.RestReason;
        if (control.Cause == RestCause.Stop) return await StopAsync(why);
        var code = control.Cause == RestCause.TimedOut ? ErrorCatalogue.TimedOut : ErrorCatalogue.OperationPaused;
        var failure = new MaestroException(code, $"Operation {run.OperationId} came to rest: {why}.", run.Plan.SecurityGroup);
        // A plan that is all or nothing does not rest half-way: what it began is taken back, and resuming begins anew.
        if (run.Plan.FailurePolicy == FailurePolicy.Rollback && !IsCommitted) return await UndoAsync(why, failure, OperationState.Paused);
        var unsettled = await RestoreServiceAsync();
        if (control.Loss is not null) return LostEnd();
        return unsettled.Count > 0 ? Unsettled(unsettled, why) : new RunEnd(OperationState.Paused, why, failure);
    }

    private async Task<IReadOnlyList<string>> RestoreServiceAsync()
    {
        var out_ = run.Plan.AllSteps
            .Where(s => s.TakesOutOfService && run.History[s.Id].MayHaveActed && (s.ReleasedBy.Length == 0 || !run.History[s.ReleasedBy].IsDone))
            .ToList();
        var stage = new PlanStage { Name = "back in service", Steps = out_ };
        var unsettled = NamesOf((await UndoStepsAsync(stage, out_, outlast: false)).Failed);
        foreach (var step in run.Plan.AllSteps.Where(s => IsHalfUndone(run.History[s.Id]) && steps.GivesUp(s)))
        {
            if (control.Loss is not null) break;
            if (!(await steps.GiveUpAsync(step, stage.Name)).IsDone) unsettled.Add(NameOf(step));
        }

        return unsettled;
    }

    /// <summary>Its undo failed, or died on its way, and nothing has gone forward since.</summary>
    private static bool IsHalfUndone(StepHistory step) => step.Outcome == StepOutcome.UndoFailed || (step.Outcome == StepOutcome.Running && step.UndoBeganIn > step.EndedIn);

    /// <summary>
    /// Runs inverses, first on all that answer. Answers who could not be brought back, and who was not reached and comes back by himself. While
    /// nobody answers it may be what was done that cuts them off: then those who are silent are waited for as long as it can last.
    /// </summary>
    /// <param name="stage">Their stage.</param>
    /// <param name="toUndo">What is taken back.</param>
    /// <param name="outlast">Whether what an earlier run did is waited for in any case: nobody knows when it began, and this run is to settle it.</param>
    private async Task<(IReadOnlyList<StepResult> Failed, IReadOnlyList<StepResult> Left)> UndoStepsAsync(PlanStage stage, IReadOnlyList<PlanStep> toUndo, bool outlast)
    {
        var failed = await UndoEachAsync(stage, toUndo, awaitSilent: false);
        var awaited = failed.Where(f => f.IsSilent && steps.ComesByItself(f.Step) is not null && !IsOver(f.Step) && (!IsAnyBack() || (outlast && !IsOfThisRun(f.Step)))).Select(f => f.Step).ToList();
        if (awaited.Count > 0 && control.Loss is null)
        {
            failed = [.. failed.Where(f => !awaited.Contains(f.Step)), .. await UndoEachAsync(stage, awaited, awaitSilent: true)];
            _outlasted.UnionWith(awaited.Select(s => s.Id));
        }

        return ([.. failed.Where(f => !MayBeLeft(f))], [.. failed.Where(MayBeLeft)]);

        bool IsAnyBack() => stage.Steps.Any(s => run.History[s.Id].Outcome == StepOutcome.Undone);

        bool MayBeLeft(StepResult result) => result.IsSilent && steps.ComesByItself(result.Step) is { } inverse && (inverse.LastsAtMost(result.Step.Inverse!) is null || IsAnyBack());
    }

    private bool IsOfThisRun(PlanStep step)
    {
        lock (_seenAt) return _seenAt.ContainsKey(step.Id);
    }

    /// <summary>Whether what the step did cannot last any longer, whoever was reached. An earlier run's clock says nothing.</summary>
    private bool IsOver(PlanStep step)
    {
        if (steps.ComesByItself(step) is not { } inverse) return false;
        if (inverse.LastsAtMost(step.Inverse!) is not { } atMost || _outlasted.Contains(step.Id)) return true;
        lock (_seenAt) return _seenAt.TryGetValue(step.Id, out var seen) && seen.IsDone && run.Time.GetElapsedTime(seen.At) >= atMost;
    }

    /// <summary>Side by side; answers those that failed, with the steps that they were to take back.</summary>
    private async Task<IReadOnlyList<StepResult>> UndoEachAsync(PlanStage stage, IReadOnlyList<PlanStep> toUndo, bool awaitSilent)
    {
        var failed = new List<StepResult>();
        var next = 0;

        async Task WorkAsync()
        {
            while (control.Loss is null)
            {
                PlanStep step;
                lock (failed)
                {
                    if (next >= toUndo.Count) return;
                    step = toUndo[next++];
                }

                if (step.Inverse is null) continue;
                var result = await steps.UndoAsync(step, stage, awaitSilent);
                if (result.IsDone) continue;
                lock (failed) failed.Add(result with { Step = step });
            }
        }

        var workers = Math.Max(1, Math.Min(stage.ParallelLimit, toUndo.Count));
        await Task.WhenAll(Enumerable.Range(0, workers).Select(_ => WorkAsync()));
        return failed;
    }

    /// <summary>Says of whom nobody was reached, and how he comes back.</summary>
    private (string Why, MaestroException? Failure) WithThoseLeft(IReadOnlyList<StepResult> left, string why, MaestroException? failure)
    {
        if (left.Count == 0) return (why, failure);
        var words = $"Not reached: {string.Join("; ", left.OrderBy(l => l.Step.Member, Comparer<string>.Create(Model.Groups.MemberId.Compare)).Select(l => $"{NameOf(l.Step)} ({steps.ComesByItself(l.Step)!.ByItself(l.Step.Inverse!)})"))}";
        run.Publish(OperationEventKind.Warning, words);
        why = $"{why}. {words}";
        return (why, failure is null ? null : new MaestroException(failure.Code, why, failure.Target, failure.Advice, failure.InnerException));
    }

    private RunEnd Unsettled(IReadOnlyList<string> members, string why) => new(
        OperationState.Unsettled,
        why,
        new MaestroException(ErrorCatalogue.GroupUnsettled, $"{why}. Could not be brought back: {string.Join(", ", members)}.", run.Plan.SecurityGroup),
        members);

    // Who lost the lease writes nothing more: the one who has it now settles the operation.
    private RunEnd LostEnd() => new(OperationState.Orphaned, control.Loss!.Message, control.Loss);
}

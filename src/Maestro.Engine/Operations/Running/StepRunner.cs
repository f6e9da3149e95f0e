using Maestro.Engine.Fabrics;
using Maestro.Engine.Hosting;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Operations;
using Maestro.Engine.Operations.Journal;
using Maestro.Engine.Operations.Plans;
using Maestro.Engine.Operations.Steps;

namespace Maestro.Engine.Operations.Running;

/// <summary>How one step ended. <see cref="StepOutcome.Running"/> means that the run came to rest while the step waited.</summary>
internal sealed record StepResult(PlanStep Step, StepOutcome Outcome, string Reason = "", string Evidence = "", ErrorCode? Code = null)
{
    public bool IsDone => Outcome is StepOutcome.Done or StepOutcome.Already;

    /// <summary>Nobody answered to the last: neither what was sent nor a look.</summary>
    public bool IsSilent { get; init; }
}

/// <summary>
/// The one loop of checks, attempts, waits and retries: check, do, verify. An unknown answer is settled by looking, never by trying again
/// blindly; what was certainly not done is tried again, with a jittered pause that doubles.
/// </summary>
internal sealed class StepRunner(StepHandlers handlers, RunSurroundings run, RunControl control, SeededRandom jitter)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    /// <summary>Whether a step is done as soon as it is seen to be so, so that running it once more sends nothing.</summary>
    public bool LooksFirst(PlanStep step) => handlers.For(step).LooksFirst;

    /// <summary>Runs a step of the plan and journals it.</summary>
    public Task<StepResult> RunAsync(PlanStep step, PlanStage stage) => RunAsync(step, stage.Name, stage.MayRest, undoes: null, silence: null);

    /// <summary>Runs the inverse of <paramref name="undone"/>; the journal carries the id of the step that it takes back.</summary>
    /// <param name="undone">What is taken back.</param>
    /// <param name="stage">Its stage.</param>
    /// <param name="awaitsSilent">False where a member that does not answer is not waited for, if it goes back by itself.</param>
    public Task<StepResult> UndoAsync(PlanStep undone, PlanStage stage, bool awaitsSilent) =>
        RunAsync(undone.Inverse!, stage.Name, mayRest: false, undoes: undone, silence: awaitsSilent ? null : ComesByItself(undone)?.SilentPatience);

    /// <summary>How the inverse comes about on a member that nobody reaches; null where it does not.</summary>
    public IStepThatComesByItself? ComesByItself(PlanStep undone) => undone.Inverse is { } inverse ? handlers.For(inverse) as IStepThatComesByItself : null;

    /// <summary>Whether the inverse of a step does something on its way that must not stay when it fails.</summary>
    public bool GivesUp(PlanStep undone) => undone.Inverse is { } inverse && handlers.For(inverse) is IStepThatGivesUp;

    /// <summary>Takes back what a failed inverse did on its way, once more: the first time it may not have got through. The step stays half undone.</summary>
    public async Task<StepResult> GiveUpAsync(PlanStep undone, string stage)
    {
        var inverse = undone.Inverse!;
        var handler = handlers.For(inverse);
        run.Publish(OperationEventKind.StepStarted, inverse, stage, "whom it drained and could not take out comes back");
        await AppendAsync(JournalEntryKind.UndoStarting, undone, attempt: 1);
        var left = await GiveUpAsync((IStepThatGivesUp)handler, handler, inverse, hasBegun: true);
        var words = left.Length > 0 ? left : "nobody stays drained";
        await AppendAsync(JournalEntryKind.UndoEnded, undone, attempt: 1, nameof(StepOutcome.UndoFailed), words);
        run.Publish(OperationEventKind.StepEnded, inverse, stage, words);
        return new StepResult(undone, left.Length > 0 ? StepOutcome.Refused : StepOutcome.Done, words);
    }

    /// <param name="step">What is run.</param>
    /// <param name="stage">Its stage's name.</param>
    /// <param name="mayRest">Whether the run may come to rest meanwhile.</param>
    /// <param name="undoes">What it takes back; null for a step of the plan.</param>
    /// <param name="silence">So long a member that has not answered yet is tried; null: as long as any.</param>
    private async Task<StepResult> RunAsync(PlanStep step, string stage, bool mayRest, PlanStep? undoes, TimeSpan? silence)
    {
        var handler = handlers.For(step);
        var began = run.Time.GetTimestamp();
        var journalled = undoes ?? step;
        var hasBegun = false;
        run.Publish(OperationEventKind.StepStarted, step, stage, undoes is null ? step.Reason : $"take back: {undoes.Reason}");

        if (handler.LooksFirst && !(undoes is not null && handler is IStepThatShowsEarly))
        {
            var before = await LookAsync(handler, step);
            if (before.AsWanted == true) return await EndAsync(new StepResult(step, StepOutcome.Already, "already so", before.Evidence), attempt: 0);
            if (HasNothingToUndo(before.Code)) return await EndAsync(new StepResult(step, StepOutcome.Already, before.Hopeless, before.Evidence), attempt: 0);
        }

        var pause = FirstPause;
        for (var attempt = 1; ; attempt++)
        {
            if (control.ShouldEnd(mayRest)) return Resting(step, "came to rest before it was tried");
            await AppendAsync(undoes is null ? JournalEntryKind.StepStarting : JournalEntryKind.UndoStarting, journalled, attempt);
            var effect = await ActAsync(handler, step, silence, attempt);
            hasBegun |= effect.HasBegun;

            if (effect is { Kind: EffectKind.Done or EffectKind.Already, Verified: true })
            {
                var outcome = effect.Kind == EffectKind.Done ? StepOutcome.Done : StepOutcome.Already;
                return await EndAsync(new StepResult(step, outcome, effect.Reason, effect.Evidence), attempt);
            }

            if (effect.Code == ErrorCatalogue.LeaseLost)
            {
                // A member has accepted a later epoch: somebody else has the group now, and every further step would be refused as well.
                control.ReportLoss(new MaestroException(ErrorCatalogue.LeaseLost, $"{step.Subject}: {effect.Reason}", step.Subject));
                return Resting(step, effect.Reason);
            }

            if (effect.Kind == EffectKind.Refused)
            {
                if (HasNothingToUndo(effect.Code)) return await EndAsync(new StepResult(step, StepOutcome.Already, effect.Reason, effect.Evidence), attempt);
                var isSilent = effect is { Transient: true, IsComing: false } && effect.Code == ErrorCatalogue.MemberUnreachable;
                if (!isSilent) silence = null;
                if (!effect.Transient || (attempt >= handler.Limits.Attempts && !effect.IsComing) || Spent(began, handler, step, silence))
                {
                    return await EndAsync(new StepResult(step, StepOutcome.Refused, effect.Reason, effect.Evidence, effect.Code) { IsSilent = isSilent }, attempt);
                }
            }
            else
            {
                var seen = await AwaitAsync(handler, step, stage, mayRest, began, silence, answerLost: effect.Kind == EffectKind.Unknown);
                if (seen is null) return Resting(step, effect.Reason);
                // Who answers at all is waited for as long as any.
                if (seen.AsWanted is not null) silence = null;
                if (seen.AsWanted == true) return await EndAsync(new StepResult(step, StepOutcome.Done, effect.Reason, Join(effect.Evidence, seen.Evidence, "\n")), attempt);
                if (seen.Hopeless.Length > 0) return await EndAsync(new StepResult(step, StepOutcome.Refused, seen.Hopeless, seen.Evidence, seen.Code), attempt);
                if (seen.AsWanted is null || seen.IsUnderWay || effect.Kind == EffectKind.Done)
                {
                    var why = seen.AsWanted is null ? "no answer says whether it took effect" : "it was done, but the wanted state was not seen in time";
                    return await EndAsync(new StepResult(step, StepOutcome.Unknown, Join(why, effect.Reason), seen.Evidence, seen.AsWanted is null ? null : handler.Limits.Late) { IsSilent = seen.AsWanted is null }, attempt);
                }

                // The answer was lost and the state is plainly not there: it was not done, so trying again is no blind retry.
                if (attempt >= handler.Limits.Attempts || Spent(began, handler, step, silence))
                {
                    return await EndAsync(new StepResult(step, StepOutcome.Refused, Join("it did not take effect", effect.Reason), seen.Evidence), attempt);
                }
            }

            if (!await PauseAsync(pause, mayRest)) return Resting(step, effect.Reason);
            pause = pause + pause < LongestPause ? pause + pause : LongestPause;
        }

        // Who left the group took along whatever there was to take back.
        bool HasNothingToUndo(ErrorCode? code) => undoes is not null && code == ErrorCatalogue.MemberNotFound;

        async Task<StepResult> EndAsync(StepResult result, int attempt)
        {
            if (!result.IsDone && handler is IStepThatGivesUp giving && await GiveUpAsync(giving, handler, step, hasBegun) is { Length: > 0 } left)
            {
                // It was refused, and yet something of it is there: who goes on takes that back, or names it.
                result = result with { Outcome = StepOutcome.Unknown, Reason = Join(result.Reason, left, "; ") };
            }

            var outcome = undoes is null ? result.Outcome : result.IsDone ? StepOutcome.Undone : StepOutcome.UndoFailed;
            await AppendAsync(undoes is null ? JournalEntryKind.StepEnded : JournalEntryKind.UndoEnded, journalled, attempt, outcome.ToString(), result.Reason, result.Evidence);
            run.Publish(OperationEventKind.StepEnded, step, stage, result.IsDone ? $"{outcome}: {step.Reason}" : $"{outcome}: {result.Reason}");
            return result;
        }
    }

    private Task AppendAsync(JournalEntryKind kind, PlanStep step, int attempt, string outcome = "", string reason = "", string evidence = "") => run.AppendAsync(new JournalEntry
    {
        OperationId = run.OperationId,
        At = run.Time.GetUtcNow(),
        Kind = kind,
        StepId = step.Id,
        Attempt = attempt,
        Outcome = outcome,
        Reason = reason,
        Evidence = Shorten(evidence),
    });

    private static StepResult Resting(PlanStep step, string reason) => new(step, StepOutcome.Running, reason);

    /// <summary>Looks until the state is as wanted, waiting is hopeless or the time is spent; null when the run came to rest meanwhile.</summary>
    private async Task<Sight?> AwaitAsync(IStepHandler handler, PlanStep step, string stage, bool mayRest, long began, TimeSpan? silence, bool answerLost)
    {
        var said = "";
        while (true)
        {
            if (control.Loss is not null) return null;
            var seen = await LookAsync(handler, step);
            if (seen.AsWanted == true || seen.Hopeless.Length > 0) return seen;
            // A plain "no" after a lost answer settles it at once; after "done", or seen under way, it may still come.
            if (seen.AsWanted == false && answerLost && !seen.IsUnderWay) return seen;
            if (Spent(began, handler, step, seen.AsWanted is null ? silence : null)) return seen;
            if (seen.Evidence != said)
            {
                said = seen.Evidence;
                run.Publish(OperationEventKind.StepWaiting, step, stage, said);
            }

            if (!await PauseAsync(handler.Limits.LookEvery, mayRest)) return null;
        }
    }

    /// <summary>Whether what the step did has been taken back by others. What cannot be seen is looked for by the step itself.</summary>
    public async Task<bool> IsTakenBackAsync(PlanStep step)
    {
        if (handlers.For(step) is not IStepThatLasts lasting) return false;
        try
        {
            return await lasting.IsTakenBackAsync(run.ContextFor(step, handlers.For(step).Limits, control.LeaseLost));
        }
        catch (MaestroException fault) when (fault.Code != ErrorCatalogue.LeaseLost)
        {
            return true;
        }
    }

    private async Task<Sight> LookAsync(IStepHandler handler, PlanStep step)
    {
        try
        {
            return await handler.LookAsync(run.ContextFor(step, handler.Limits, control.LeaseLost));
        }
        catch (Exception fault) when (fault is not MaestroException { Code: var code } || code != ErrorCatalogue.LeaseLost)
        {
            // Whatever keeps us from seeing is "could not find out", which never counts as success.
            return Sight.Unseen(fault.Message);
        }
    }

    private async Task<Effect> ActAsync(IStepHandler handler, PlanStep step, TimeSpan? atMost, int attempt)
    {
        try
        {
            return await handler.ActAsync(run.ContextFor(step, handler.Limits, control.LeaseLost, atMost, attempt));
        }
        catch (MaestroException fault) when (fault.Code != ErrorCatalogue.LeaseLost)
        {
            return Effect.Refused(fault.Message, fault.Code);
        }
        catch (Exception fault) when (fault is not MaestroException)
        {
            // A fault of ours or of a library after the request may have left: only looking can tell.
            var lost = Effect.Unknown(fault.Message, fault.GetType().Name);
            return handler.Limits.OnlyAsks ? lost.OrAskAgain() : lost;
        }
    }

    private async Task<string> GiveUpAsync(IStepThatGivesUp giving, IStepHandler handler, PlanStep step, bool hasBegun)
    {
        try
        {
            return await giving.GiveUpAsync(run.ContextFor(step, handler.Limits, control.LeaseLost), hasBegun);
        }
        catch (Exception fault)
        {
            return fault.Message;
        }
    }

    private bool Spent(long began, IStepHandler handler, PlanStep step, TimeSpan? silence)
    {
        var limit = step.Arguments.GetOptionalInt32(StepArgumentNames.SettleTimeout) is { } seconds ? TimeSpan.FromSeconds(seconds) : handler.Limits.SettleTimeout;
        return run.Time.GetElapsedTime(began) >= (silence < limit ? silence.Value : limit);
    }

    private async Task<bool> PauseAsync(TimeSpan pause, bool mayRest)
    {
        double factor;
        lock (jitter)
        {
            factor = 0.8 + (0.4 * jitter.NextDouble());
        }

        try
        {
            await run.Time.Delay(TimeSpan.FromTicks((long)(pause.Ticks * factor)), mayRest ? control.EndOfWaits : control.LeaseLost);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private static string Join(string first, string second, string between = ": ") => second.Length == 0 ? first : first.Length == 0 ? second : first + between + second;

    private static string Shorten(string evidence) => evidence.Length <= 2000 ? evidence : evidence.Substring(0, 2000) + "…";
}

using Maestro.Engine.Clustering.Membership;
using Maestro.Engine.Fabrics;
using Maestro.Engine.Hosting;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Fabric;
using Maestro.Engine.Model.Operations;
using Maestro.Engine.Operations.Journal;
using Maestro.Engine.Operations.Leases;
using Maestro.Engine.Operations.Plans;
using Maestro.Engine.Operations.Steps;

namespace Maestro.Engine.Operations.Running;

/// <summary>
/// The one way anything is changed: plan, settle what is unfinished, lease, plan again under the lease, run, close. Fresh runs, resumed
/// ones, stops, undos and the settling of dead ones differ only in what they ask the <see cref="PlanRunner"/> to do.
/// </summary>
internal sealed class OperationCoordinator(EngineParts parts, StepHandlers handlers, WorldObserver observer)
{
    private static readonly TimeSpan LookAgainEvery = TimeSpan.FromSeconds(5);

    // A holder may ask again for its own leases, so what keeps two runs of one process apart is here.
    private readonly HashSet<string> _goingOn = new(StringComparer.Ordinal);
    private readonly OperationArchive _archive = new(parts);

    /// <summary>Decides what a run would do; sends and writes nothing.</summary>
    public async Task<Plan> PreviewAsync(ChangeRequest request, RunOptions options, CancellationToken cancellation) =>
        PlanOf(request, await observer.ObserveAsync(request.SecurityGroup, options.Message, options.SkipChecks, cancellation, request.NeedsDistributions, request.Urgency?.Unasked, request.Nat));

    /// <summary>Runs a change to its rest. <paramref name="started"/> is told the operation's id once it is in the journal.</summary>
    /// <exception cref="MaestroException">It could not be begun; nothing was sent.</exception>
    public async Task<OperationResult> RunAsync(ChangeRequest request, RunOptions options, Action<string> started)
    {
        RequireWritable();
        var settled = new List<string>();
        if (request.Urgency is { } urgency) return await RunAtOnceAsync(request, urgency, options, started);
        // What a dead run left half-way on the group is settled before it is looked at: it may be just what a plan would refuse.
        if (request.SecurityGroup.Length > 0) settled.AddRange(await SettleUnfinishedAsync([Resource.Change(request.SecurityGroup)], options));
        var plan = await PreviewAsync(request, options, options.Rest);
        if (await SettleUnfinishedAsync(plan.Resources, options) is { Count: > 0 } more)
        {
            settled.AddRange(more);
            plan = await PreviewAsync(request, options, options.Rest);
        }

        if (plan.IsEmpty) return new OperationResult { Plan = plan, Settled = settled };

        return await AloneAsync(NewId(), plan.Kind, id => BeginAsync(id, request, plan, options, settled, started));
    }

    /// <summary>Without a look before the leases; what dead runs left comes after it.</summary>
    private async Task<OperationResult> RunAtOnceAsync(ChangeRequest request, Urgency urgency, RunOptions options, Action<string> started)
    {
        var plan = new Plan { Kind = request.Kind, SecurityGroup = request.SecurityGroup, Resources = urgency.Resources };
        var result = await AloneAsync(NewId(), request.Kind, id => BeginAsync(id, request, plan, options, [], started));
        try
        {
            return result with { Settled = await SettleUnfinishedAsync(urgency.Resources, options) };
        }
        catch (MaestroException)
        {
            // What was to be done is done; whoever comes next to what is left settles it or says why not.
            return result;
        }
    }

    private async Task<OperationResult> BeginAsync(string operationId, ChangeRequest request, Plan plan, RunOptions options, List<string> settled, Action<string> started)
    {
        var token = await AcquireAsync(operationId, plan);
        ClaimRequest? claim = null;
        try
        {
            claim = await ClaimAsync(operationId, plan, token);
            if (claim is not null) token = await parts.Store.RaiseEpochAsync(token, claim.Epoch);

            // The world may have moved between the plan that was shown and the lease: what is run is planned under it.
            var world = await observer.ObserveAsync(request.SecurityGroup, options.Message, options.SkipChecks, options.Rest, request.NeedsDistributions, request.Urgency?.Unasked, request.Nat);
            var underLease = PlanOf(request, world);
            if (underLease.IsEmpty)
            {
                await ReleaseAsync(token, claim);
                return new OperationResult { Plan = underLease, Settled = settled };
            }

            if (!underLease.Resources.SequenceEqual(plan.Resources))
            {
                throw new MaestroException(ErrorCatalogue.PlanStale, "The world changed between planning and the lease, and the change now concerns something else.", request.SecurityGroup);
            }

            plan = underLease;
            handlers.Require(plan);
            var record = NewRecord(operationId, plan, token, options);
            await parts.Store.BeginOperationAsync(token, record, new JournalEntry
            {
                OperationId = operationId,
                At = parts.Scheduler.Time.GetUtcNow(),
                Kind = JournalEntryKind.OperationStarted,
                Reason = string.Join("; ", plan.Decisions.Select(d => d.ToString())),
            });
            started(operationId);
            return await ExecuteAsync(record, plan, new OperationHistory(), token, claim, request.Contents, options, settled, r => r.RunAsync());
        }
        catch (Exception)
        {
            // Nothing is in flight here: either the run was never begun, or ExecuteAsync released before it threw.
            await ReleaseAsync(token, claim);
            throw;
        }
    }

    /// <summary>Settles what dead runs left on a group (or for an empty name on the whole fabric), and nothing else.</summary>
    public async Task<OperationResult> SettleAsync(string securityGroup, RunOptions options)
    {
        RequireWritable();
        var left = await _archive.FindLeftAsync(securityGroup);
        var settled = await SettleUnfinishedAsync([.. left.SelectMany(r => r.Resources).Where(r => r != Resource.Topology || securityGroup.Length == 0).Distinct()], options);
        return new OperationResult { Plan = new Plan { Kind = "Settle", SecurityGroup = securityGroup, Resources = [] }, Settled = settled };
    }

    /// <summary>Goes on with an operation that is at rest, or whose owner died.</summary>
    public Task<OperationResult> ResumeAsync(OperationRecord record, RunOptions options) =>
        TakeOverAsync(record, options, "resumed", (runner, history, plan) =>
            record.State is OperationState.Orphaned or OperationState.Running ? SettleRun(runner, history, plan, "its owner is gone")
            // Forward from there it would do anew, by a plan that is old, what others have built on since it was taken back.
            : history.TakingBack || (record.State == OperationState.Unsettled && !history.Decided && plan.FailurePolicy == FailurePolicy.Rollback) ? TakeBack(runner, "it was on its way back")
            : runner.RunAsync());

    /// <summary>Ends an operation for good.</summary>
    public Task<OperationResult> StopAsync(OperationRecord record, RunOptions options, string why) =>
        TakeOverAsync(record, options, "stopped", (runner, _, _) => runner.StopAsync(why));

    /// <summary>Takes back what an unfinished operation did.</summary>
    /// <exception cref="MaestroException"><c>Maestro.StepNotUndoable</c>: it is past its decision, and what it did since has no inverse.</exception>
    public async Task<OperationResult> UndoAsync(OperationRecord record, RunOptions options, string why)
    {
        var history = OperationHistory.Of(await parts.Store.ReadJournalAsync(record.Id));
        var since = PlanSerializer.FromJson(record.PlanJson).Stages.Where(s => s.AfterDecision).SelectMany(s => s.Steps).Where(s => s.Kind != StepKinds.MemberAwait && (history[s.Id].MayHaveActed || history[s.Id].IsDone)).ToList();
        // One that died while it was taken back has its inverses behind it: that is gone on with.
        if (history is { Decided: true, TakingBack: false } && since.Count > 0 && since.All(s => s.Inverse is null))
        {
            throw new MaestroException(
                ErrorCatalogue.StepNotUndoable,
                $"Operation {record.Id} ({record.Kind}) went past its point of no return, and its last steps have no inverse: {string.Join(", ", since.Select(s => s.Id))}.",
                record.Id,
                "Resume it; then make the opposite change: it is an operation like any other.");
        }

        return await TakeOverAsync(record, options, "undone", (runner, _, _) => TakeBack(runner, why), JournalEntryKind.TakingBack);
    }

    /// <summary>True while a process holds the operation's leases.</summary>
    public async Task<bool> IsHeldAsync(OperationRecord record) =>
        (await parts.Store.FindLeasesAsync(record.Resources)).Any(h => h.OperationId == record.Id);

    private async Task<IReadOnlyList<string>> SettleUnfinishedAsync(IReadOnlyList<string> resources, RunOptions options)
    {
        var said = new List<string>();
        if (resources.Count == 0) return said;
        foreach (var record in await _archive.FindUnfinishedAsync(resources))
        {
            if (await IsHeldAsync(record)) continue;
            if (options.OnUnfinished == UnfinishedPolicy.Refuse)
            {
                throw new MaestroException(ErrorCatalogue.OperationUnfinished, $"Operation {record.Id} ({record.Kind}) of {record.Owner} is unfinished.", record.Id);
            }

            var result = await TakeOverAsync(record, options with { Timeout = null }, "settled before the next change", (runner, history, p) => SettleRun(runner, history, p, $"settled after {record.Owner} left it {record.State}"));
            if (result.EndedBefore) continue;
            var state = result.Operation!.State;
            if (OperationStateMachine.IsUnfinished(state))
            {
                throw state == OperationState.Unsettled && result.Failure is not null
                    ? result.Failure
                    : new MaestroException(ErrorCatalogue.OperationUnfinished, $"Operation {record.Id} ({record.Kind}) could not be settled: {result.Operation.Reason}.", record.Id, innerException: result.Failure);
            }

            var text = $"Operation {record.Id} ({record.Kind}) was left unfinished by {record.Owner}; it was settled first: {state}.";
            said.Add(text);
            options.Events?.Invoke(new OperationEvent
            {
                Kind = OperationEventKind.Settled,
                At = parts.Scheduler.Time.GetUtcNow(),
                OperationId = record.Id,
                OperationKind = record.Kind,
                SecurityGroup = record.SecurityGroup,
                Text = text,
            });
        }

        return said;
    }

    private static Plan PlanOf(ChangeRequest request, ObservedWorld world) => CarriedPolicy.Remember(MembershipPlan.WithWhatGoesAlong(request.Plan(world), world), world);

    private static Task<RunEnd> SettleRun(PlanRunner runner, OperationHistory history, Plan plan, string why) => (history, plan.FailurePolicy) switch
    {
        ({ TakingBack: true }, _) => TakeBack(runner, why),
        // It was on its way back when its owner died: forward from there would build on what is gone.
        ({ IsUndoing: true }, FailurePolicy.Rollback) => TakeBack(runner, why),
        ({ Decided: true }, _) or (_, FailurePolicy.Pause) => runner.RunAsync(),
        (_, FailurePolicy.Rollback) => TakeBack(runner, why),
        _ => runner.StopAsync(why),
    };

    private static Task<RunEnd> TakeBack(PlanRunner runner, string why) => runner.UndoAsync(why, failure: null, OperationState.RolledBack);

    private async Task<OperationResult> TakeOverAsync(
        OperationRecord record, RunOptions options, string how, Func<PlanRunner, OperationHistory, Plan, Task<RunEnd>> what, JournalEntryKind kind = JournalEntryKind.TakenOver)
    {
        RequireWritable();
        return await AloneAsync(record.Id, record.Kind, _ => TakeOverAloneAsync(record, options, how, what, kind));
    }

    /// <summary>Also a run that stood still until its leases ran out is still here when it wakes: who finds it looking orphaned lets it come to its end.</summary>
    private async Task<OperationResult> AloneAsync(string operationId, string operationKind, Func<string, Task<OperationResult>> run)
    {
        lock (_goingOn)
        {
            if (!_goingOn.Add(operationId)) throw new MaestroException(ErrorCatalogue.LeaseHeld, $"Operation {operationId} ({operationKind}) is gone on with already, by another request here. Nothing was sent.", operationId);
        }

        try
        {
            return await run(operationId);
        }
        finally
        {
            lock (_goingOn) _goingOn.Remove(operationId);
        }
    }

    private async Task<OperationResult> TakeOverAloneAsync(
        OperationRecord record, RunOptions options, string how, Func<PlanRunner, OperationHistory, Plan, Task<RunEnd>> what, JournalEntryKind kind)
    {
        var plan = PlanSerializer.FromJson(record.PlanJson);
        handlers.Require(plan);
        var (token, claim) = await AcquireOnceUpAsync(record.Id, plan, options);
        try
        {
            // Its owner may have ended it after we looked and before we had its lease: what is over is not gone on with.
            if ((await parts.Store.FindOperationsAsync(new OperationQuery { IdPrefix = record.Id })).Any(o => o.Id == record.Id && OperationStateMachine.IsEnd(o.State)))
            {
                await ReleaseAsync(token, claim);
                return new OperationResult { Plan = plan, Operation = await _archive.ReadAsync(record.Id), EndedBefore = true };
            }

            var history = OperationHistory.Of(await parts.Store.ReadJournalAsync(record.Id));
            var entry = new JournalEntry
            {
                OperationId = record.Id,
                At = parts.Scheduler.Time.GetUtcNow(),
                Kind = kind,
                Reason = $"{how} by {parts.Identity.Self}; it was {record.State} under {record.Owner}{(options.Message.Length > 0 ? ": " + options.Message : "")}",
            };
            await parts.Store.TakeOverOperationAsync(token, parts.Identity.Self, entry);
            history.Apply(entry);
            // What was asked of the dead owner was not asked of this run: an old pause must not pause a resume.
            await parts.Store.TakeRequestsAsync(token);
            return await ExecuteAsync(record, plan, history, token, claim, new Dictionary<string, string>(), options, [], r => what(r, history, plan));
        }
        catch (Exception)
        {
            await ReleaseAsync(token, claim);
            throw;
        }
    }

    private async Task<OperationResult> ExecuteAsync(
        OperationRecord record,
        Plan plan,
        OperationHistory history,
        LeaseToken token,
        ClaimRequest? claim,
        IReadOnlyDictionary<string, string> contents,
        RunOptions options,
        IReadOnlyList<string> settled,
        Func<PlanRunner, Task<RunEnd>> what)
    {
        var time = parts.Scheduler.Time;
        using var control = new RunControl();
        var run = new RunSurroundings
        {
            OperationId = record.Id,
            Plan = plan,
            Token = token,
            Fabric = parts.Fabric,
            Store = parts.Store,
            Time = time,
            Topology = new SharedObservation(parts.Fabric, control.LeaseLost),
            Actor = parts.Identity.Self.ToString(),
            Message = record.Message,
            Contents = contents,
            History = history,
            Events = options.Events,
        };
        foreach (var decision in plan.Decisions) run.Publish(OperationEventKind.Decision, decision.ToString());
        foreach (var warning in plan.Warnings) run.Publish(OperationEventKind.Warning, warning);
        run.Publish(OperationEventKind.Started, $"operation {record.Id}");

        var timeout = options.Timeout ?? parts.Fabric.Traits.DefaultTimeout;
        using var timer = time.CreateCancellationTokenSource(timeout);
        using var onTimeout = timer.Token.Register(() => control.RequestRest(RestCause.TimedOut, $"the wanted state was not seen within {timeout:c}"));
        using var onRest = options.Rest.Register(() => control.RequestRest(RestCause.Cancelled, "it was interrupted"));
        var keeper = new LeaseKeeper(parts.Store, parts.Fabric, time, token, claim, control);
        keeper.RequestSeen += request => control.RequestRest(
            request.Kind == RequestKind.Stop ? RestCause.Stop : RestCause.Pause,
            $"{request.By} asked it to {(request.Kind == RequestKind.Stop ? "stop" : "pause")}");
        keeper.Start();

        RunEnd end;
        try
        {
            var steps = new StepRunner(handlers, run, control, parts.Random.Stream("jitter/" + record.Id));
            end = await what(new PlanRunner(steps, run, control, keeper.ReadRequestsAsync));
            if (end.State != OperationState.Orphaned) await CloseAsync(run, end);
        }
        catch (MaestroException fault) when (fault.Code == ErrorCatalogue.LeaseLost)
        {
            end = new RunEnd(OperationState.Orphaned, fault.Message, fault);
        }
        finally
        {
            await keeper.StopAsync();
        }

        await ReleaseAsync(token, claim);
        var operation = await _archive.ReadAsync(record.Id);
        run.Publish(OperationEventKind.Ended, $"{operation.State}{(operation.Reason.Length > 0 ? ": " + operation.Reason : "")}");
        return new OperationResult { Plan = plan, Operation = operation, Failure = end.Failure, Settled = settled };
    }

    private async Task CloseAsync(RunSurroundings run, RunEnd end)
    {
        OperationStateMachine.Require(OperationState.Running, end.State, "end of the run");
        var now = run.Time.GetUtcNow();
        var entry = new JournalEntry { OperationId = run.OperationId, At = now, Kind = JournalEntryKind.StateChanged, Outcome = end.State.ToString(), Reason = end.Reason };
        var ended = OperationStateMachine.IsEnd(end.State) || end.State == OperationState.Unsettled;
        await parts.Store.SetOperationStateAsync(run.Token, entry, end.State, end.Reason, end.UnsettledMembers ?? [], ended ? now : null);
    }

    private async Task<LeaseToken> AcquireAsync(string operationId, Plan plan)
    {
        var answer = await parts.Store.AcquireLeasesAsync(new LeaseRequest
        {
            OperationId = operationId,
            Owner = parts.Identity.Self,
            Resources = [.. plan.Resources.OrderBy(r => r, StringComparer.Ordinal)],
        });
        return answer.Token ?? throw Held(plan, answer.HeldBy[0]);
    }

    /// <summary>Leases and claim of a run that is taken over. Gateways that the dead run had just brought in boot before they can grant anything: that is waited for while a majority of each group is not lost.</summary>
    private async Task<(LeaseToken Token, ClaimRequest? Claim)> AcquireOnceUpAsync(string operationId, Plan plan, RunOptions options)
    {
        var time = parts.Scheduler.Time;
        var began = time.GetTimestamp();
        while (true)
        {
            var token = await AcquireAsync(operationId, plan);
            ClaimRequest? claim = null;
            try
            {
                claim = await ClaimAsync(operationId, plan, token);
                return (claim is null ? token : await parts.Store.RaiseEpochAsync(token, claim.Epoch), claim);
            }
            catch (Exception failure)
            {
                await ReleaseAsync(token, claim);
                var late = time.GetElapsedTime(began) >= (options.Timeout ?? parts.Fabric.Traits.DefaultTimeout);
                if (late || failure is not MaestroException { Code: var code } || code != ErrorCatalogue.MemberUnreachable || !await AreComingAsync(plan)) throw;
            }

            await time.Delay(LookAgainEvery, options.Rest);
        }
    }

    private async Task<bool> AreComingAsync(Plan plan)
    {
        var view = await parts.Fabric.Topology.ObserveAsync(TopologyScope.Deployed, CancellationToken.None);
        var states = view.Gateways.ToDictionary(g => g.Id, g => g.State, StringComparer.Ordinal);
        GatewayState StateOf(MemberRef member) => states.TryGetValue(member.Gateway, out var state) ? state : GatewayState.Unknown;

        var notLost = plan.Participants.Where(p => StateOf(p) is not (GatewayState.Unreachable or GatewayState.Unknown));
        return plan.Participants.Any(p => StateOf(p) is GatewayState.Joining or GatewayState.Leaving) && ClaimMajority.FindLack(plan.Participants, plan.Joiners ?? [], notLost) is null;
    }

    private async Task<ClaimRequest?> ClaimAsync(string operationId, Plan plan, LeaseToken token)
    {
        if (parts.Fabric.Claims is null || plan.Participants.Count == 0) return null;
        var request = new ClaimRequest
        {
            Resource = plan.Resources.FirstOrDefault(r => r.StartsWith("change:", StringComparison.Ordinal)) ?? plan.Resources[0],
            Participants = plan.Participants,
            Joiners = plan.Joiners ?? [],
            Owner = parts.Identity.Self,
            OperationId = operationId,
            Epoch = token.Epoch,
        };
        var answer = await parts.Fabric.Claims.ClaimAsync(request, CancellationToken.None);
        if (answer.Granted) return request with { Epoch = answer.Epoch };
        throw answer.HeldBy is { } holder
            ? Held(plan, holder)
            : new MaestroException(ErrorCatalogue.MemberUnreachable, $"The group cannot be claimed: {answer.Reason}. Silent: {string.Join(", ", answer.Silent.Select(s => s.Gateway))}.", plan.SecurityGroup);
    }

    private async Task ReleaseAsync(LeaseToken token, ClaimRequest? claim)
    {
        if (claim is not null && parts.Fabric.Claims is not null)
        {
            try
            {
                await parts.Fabric.Claims.ReleaseAsync(claim, CancellationToken.None);
            }
            catch (Exception fault) when (fault is not MaestroException { Code: var code } || code == ErrorCatalogue.MemberUnreachable)
            {
                // What is not reached expires by itself.
            }
        }

        await parts.Store.ReleaseLeasesAsync(token);
    }

    private OperationRecord NewRecord(string operationId, Plan plan, LeaseToken token, RunOptions options) => new()
    {
        Id = operationId,
        Kind = plan.Kind,
        SecurityGroup = plan.SecurityGroup,
        State = OperationState.Running,
        PlanJson = PlanSerializer.ToJson(plan),
        Owner = parts.Identity.Self,
        Resources = plan.Resources,
        Epoch = token.Epoch,
        Message = options.Message,
        Source = options.Source,
        Token = operationId,
        SkippedChecks = options.SkipChecks,
        StartedAt = parts.Scheduler.Time.GetUtcNow(),
    };

    /// <summary>One that no other operation of this engine has.</summary>
    public string NewId()
    {
        lock (parts.Random) return OperationId.New(parts.Random);
    }

    private void RequireWritable()
    {
        if (parts.ReadOnly) throw new MaestroException(ErrorCatalogue.SessionReadOnly, $"Session '{parts.Session}' was opened with -ReadOnly.", parts.Session);
    }

    private static MaestroException Held(Plan plan, LeaseHolder holder) => new(
        ErrorCatalogue.LeaseHeld,
        $"'{(plan.SecurityGroup.Length > 0 ? plan.SecurityGroup : holder.Resource)}' is held by {holder.Owner} (pid {holder.Owner.ProcessId}){(holder.Since == default ? "" : $" since {holder.Since:u}")}, operation {holder.OperationId}. Nothing was sent.",
        plan.SecurityGroup.Length > 0 ? plan.SecurityGroup : holder.Resource,
        $"Wait-MaestroOperation {holder.OperationId} waits for it; Stop-MaestroOperation {holder.OperationId} ends it.");
}

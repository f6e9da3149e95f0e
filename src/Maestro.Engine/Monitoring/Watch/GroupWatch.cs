using Maestro.Engine.Clustering.Failover;
using Maestro.Engine.Fabrics;
using Maestro.Engine.Hosting;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Groups;
using Maestro.Engine.Model.Monitoring;
using Maestro.Engine.Operations.Leases;
using Maestro.Engine.Operations.Plans;
using Maestro.Engine.Operations.Running;

namespace Maestro.Engine.Monitoring.Watch;

/// <summary>
/// Watches one group: looks at it now and then, hears its observers all the time, and, where it is told to and no other watch does, has the traffic of lost
/// members moved by an operation. One loop does it all; what takes long goes on beside it.
/// </summary>
internal sealed class GroupWatch(EngineParts parts, string group, string id, WatchOptions options, Func<FailoverChange, Task<OperationResult>> failOver, Action<MaestroEvent> write)
{
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);

    /// <summary>Who heard nothing of anybody for longer stood still, and knows no more who is lost.</summary>
    private static readonly TimeSpan LongestUnheard = TimeSpan.FromSeconds(5);

    private readonly WatchInbox _inbox = new();
    private readonly WatchLease _lead = new(parts, Resource.Watch(group), id);
    private readonly WatchRecord _record = new(parts, group, id);
    private readonly HashSet<string> _returned = new(StringComparer.Ordinal);
    private readonly TimeProvider _time = parts.Scheduler.Time;
    private long _began;
    private TopologyView? _seen;
    private GroupTraffic? _steered;
    private IReadOnlyList<string> _behind = [];
    private SightJudge? _judge;
    private IDisposable? _probing;
    private bool _wasLeading, _isDue, _saidBlind, _saidNotKept;
    private TimeSpan _probingSince, _heardAt;
    private TimeSpan _notBefore = TimeSpan.MinValue;
    private string _holder = "", _reason = "";
    private FailoverChange? _asked;
    private IReadOnlyList<Decision> _saidUnable = [];

    public async Task RunAsync(CancellationToken end)
    {
        _began = _time.GetTimestamp();
        Task<(TopologyView, GroupTraffic?)>? look = null;
        Task<OperationResult>? acting = null;
        Task leading = Task.CompletedTask, recording = Task.CompletedTask;
        var (lookedAt, ledAt, recordedAt) = (TimeSpan.MinValue, TimeSpan.MinValue, TimeSpan.MinValue);
        try
        {
            while (!end.IsCancellationRequested)
            {
                var now = _time.GetElapsedTime(_began);
                if (look is null && (lookedAt == TimeSpan.MinValue || now - lookedAt >= options.LookEvery)) (look, lookedAt) = (LookAsync(end), now);
                if (look is { IsCompleted: true })
                {
                    await SeeAsync(look);
                    look = null;
                }

                if (options.AutoFailover && leading.IsCompleted && (ledAt == TimeSpan.MinValue || now - ledAt >= Beat))
                {
                    await SayLeadAsync(leading);
                    (leading, ledAt) = (_lead.KeepAsync(), now);
                }

                foreach (var (sighting, at) in _inbox.Take()) Judge(sighting, at);
                if (!_saidBlind && _judge is { Sees: false } && now - _probingSince > Settling + Settling)
                {
                    _saidBlind = true;
                    Write(_judge.StillBlind(_time.GetUtcNow()));
                }

                if (acting is { IsCompleted: true })
                {
                    await EndAsync(acting);
                    acting = null;
                }

                if (recording.IsCompleted && (recordedAt == TimeSpan.MinValue || now - recordedAt >= Beat || _record.HasNews))
                {
                    await recording;
                    SayKept();
                    (recording, recordedAt) = (_record.KeepAsync(_lead.IsHeld, options.AutoFailover), now);
                }

                // Who is blind does not know any more who of the lost answers: it may have stood still since it judged.
                if (acting is null && _isDue && _lead.IsHeld && _judge is { Sees: true } && now >= _notBefore) acting = ActAsync();
                using var waiting = CancellationTokenSource.CreateLinkedTokenSource(end);
                await Task.WhenAny(new[] { HearAsync(), _time.Delay(Beat, waiting.Token), look, acting, leading.IsCompleted ? null : leading, recording.IsCompleted ? null : recording }.OfType<Task>());
                waiting.Cancel();
            }

            // What was begun is brought to its end: it is one transaction.
            if (acting is not null) await EndAsync(acting);
        }
        finally
        {
            _probing?.Dispose();
            await Task.WhenAny(leading);
            await Task.WhenAny(recording);
            await _record.EndAsync();
            await _lead.ReleaseAsync();
        }
    }

    /// <summary>What comes from other threads comes in by the scheduler: whoever waits for several things would else go on on a thread of the pool.</summary>
    private async Task HearAsync() => await _inbox.Signal;

    // Until observers know their network.
    private TimeSpan Settling => TimeSpan.FromTicks(options.Detection.ProbeInterval.Ticks * options.Detection.LearningRounds);

    /// <summary>The group and its table: who carries and has no share may have come back while nobody watched.</summary>
    private async Task<(TopologyView View, GroupTraffic? Steered)> LookAsync(CancellationToken end)
    {
        var view = await parts.Fabric.Topology.ObserveAsync(TopologyScope.Deployed, end);
        if (parts.Fabric.Traffic is not { } traffic || view.Groups.All(g => g.Name != group)) return (view, null);
        try
        {
            return (view, await traffic.ObserveAsync(group, end));
        }
        catch (MaestroException fault) when (fault.Code == ErrorCatalogue.MemberUnreachable)
        {
            // No orchestrator answers. What is known of the members counts all the same.
            return (view, _steered is null ? null : _steered with { ObservedAt = view.ObservedAt, Orchestrators = [.. _steered.Orchestrators.Select(o => o with { Answers = false, HasAddresses = null, Fault = "does not answer" })] });
        }
        catch (MaestroException)
        {
            // Of the table nothing is known; the next look asks again.
            return (view, null);
        }
    }

    private async Task SeeAsync(Task<(TopologyView, GroupTraffic?)> look)
    {
        TopologyView view;
        GroupTraffic? steered;
        try
        {
            (view, steered) = await look;
        }
        catch (MaestroException fault)
        {
            Say(MaestroEventKind.LookFailed, EventSeverity.Warning, fault.Message);
            return;
        }
        catch (OperationCanceledException)
        {
            return;
        }

        foreach (var change in ViewChanges.Of(group, _seen, view)) Write(change);
        _seen = view;
        SeeOrchestrators(steered);
        if (_lead.IsHeld && steered is not null && _judge is { Sees: true } judge && steered.Orchestrators.Any(o => o.Answers))
        {
            _returned.UnionWith(view.Members.Where(m => m.SecurityGroup == group && m.State == MemberState.Active).Select(m => m.Member)
                .Where(m => !judge.Lost.Contains(m) && steered.Table.Slots.Members.All(s => s.Id.ToString() != m)));
        }

        // What could not be moved, and who was not fit to carry, is looked at again with each look.
        if (_returned.Count > 0 || (_lead.IsHeld && steered is not null && _judge is not null && Carrying.Intersect(_judge.Lost.Except(_judge.Heard)).Any())) _isDue = true;
        BeginProbing([.. view.Members.Where(m => m.SecurityGroup == group).OrderBy(m => new MemberId(m.Site, m.Number)).Select(MemberRef.Of)]);
    }

    /// <summary>Ids of members with slots, by the table that was seen last.</summary>
    private IReadOnlyList<string> Carrying => _steered is null ? [] : [.. _steered.Table.Slots.Members.Where(m => m.TakesSlots).Select(m => m.Id.ToString())];

    private void SeeOrchestrators(GroupTraffic? steered)
    {
        if (steered is null) return;
        foreach (var change in OrchestratorChanges.Of(_steered, steered)) Write(change);
        _steered = steered;
        _behind = OrchestratorChanges.Behind(steered);
        if (_behind.Count > 0) _isDue = true;
    }

    /// <summary>Probes of other members begin anew; what is known of those that stay is kept.</summary>
    private void BeginProbing(IReadOnlyList<MemberRef> members)
    {
        if (parts.Fabric.Sight is not { } sight || members.Count == 0 || (_judge is not null && _judge.Members.SequenceEqual(members))) return;
        _probing?.Dispose();
        _inbox.Clear();
        _judge = _judge?.With(members) ?? new SightJudge(group, members, sight.Observers, options.Detection);
        (_saidBlind, _probingSince) = (false, _time.GetElapsedTime(_began));
        var judge = _judge;
        _probing = sight.Begin(members, options.Detection.ProbeInterval, s => _inbox.Put(judge, s, _time.GetElapsedTime(_began)));
    }

    private void Judge(WatchInbox.Sighting sighting, TimeSpan at)
    {
        if (sighting.For != _judge) return;
        _heardAt = at;
        foreach (var found in _judge!.Judge(sighting.What, at, _time.GetUtcNow()))
        {
            Write(found);
            if (found.Kind == MaestroEventKind.MemberLost)
            {
                (_isDue, _reason) = (true, found.Text);
                _returned.ExceptWith(_judge.Lost);
            }
            else if (found.Kind == MaestroEventKind.MemberBack)
            {
                _isDue = true;
                _returned.Add(found.Member);
            }
        }
    }

    private async Task SayLeadAsync(Task leading)
    {
        try
        {
            await leading;
        }
        catch (MaestroException fault)
        {
            Say(MaestroEventKind.LookFailed, EventSeverity.Warning, fault.Message);
        }

        if (_lead.IsHeld && !_wasLeading)
        {
            Say(MaestroEventKind.LeadTaken, EventSeverity.Information, "this watch moves the traffic of members that are lost");
            // Whoever led before may have died before it moved anything.
            if (_judge?.Lost.Count > 0) _isDue = true;
        }
        else if (!_lead.IsHeld && _lead.Holder != _holder)
        {
            Say(MaestroEventKind.LeadHeld, _wasLeading ? EventSeverity.Warning : EventSeverity.Information, $"{_lead.Holder} moves the traffic of members that are lost; this watch follows when it is gone");
        }

        (_wasLeading, _holder) = (_lead.IsHeld, _lead.IsHeld ? "" : _lead.Holder);
    }

    private Task<OperationResult> ActAsync()
    {
        _isDue = false;
        var (lost, heard) = (_judge!.Lost, _judge.Heard);
        // A change for the lost looks after nothing but the table. When they have no slots any more there is time: nothing is taken from them, as from those who are heard.
        var isCalm = _behind.Count > 0 && _steered!.Table.Slots.Members.All(m => !lost.Contains(m.Id.ToString()));
        if (isCalm) heard = lost;
        _asked = new FailoverChange
        {
            Group = group,
            Lost = lost,
            Heard = heard,
            Carrying = Carrying,
            Returned = [.. _returned.OrderBy(m => m, StringComparer.Ordinal)],
            OutOfStep = isCalm ? _behind : [],
            Gateways = [.. _judge.Members.Where(m => lost.Contains(m.Member) && (isCalm || !heard.Contains(m.Member))).Select(m => m.Gateway)],
            Reason = _reason,
            Stands = () => _judge is { Sees: true } && _time.GetElapsedTime(_began) - _heardAt <= LongestUnheard,
        };
        _behind = [];
        return failOver(_asked);
    }

    private async Task EndAsync(Task<OperationResult> acting)
    {
        try
        {
            var result = await acting;
            SayUnable([.. result.Plan.Decisions.Where(d => !d.Acts)]);
            if (result.Failure is { } failure)
            {
                Fail(failure, result.Operation?.Id ?? "");
                return;
            }

            // Who got its share is one as any other; who did not, and who came back meanwhile, is asked again with the next look.
            _returned.ExceptWith(_asked!.Returned.Except(FailoverChange.UnfitOf(result.Plan)));
            // That an orchestrator is in step again the next look says.
            if (result.Operation is { } operation && _asked.Lost.Count + _asked.Returned.Count > 0) Say(MaestroEventKind.FailedOver, EventSeverity.Warning, string.Join("; ", operation.Step.Select(s => s.Evidence).Concat(operation.Step.Select(s => s.Reason)).Where(t => t.Length > 0)), operation.Id);
        }
        catch (MaestroException fault)
        {
            Fail(fault, "");
        }
    }

    /// <summary>What could not be done, once for as long as it is so: it is tried with each look.</summary>
    private void SayUnable(IReadOnlyList<Decision> unable)
    {
        foreach (var one in unable.Except(_saidUnable)) Say(one.Subject == FailoverChange.Distribution ? MaestroEventKind.FailoverWithheld : MaestroEventKind.MemberStateChanged, EventSeverity.Warning, one.ToString());
        _saidUnable = unable;
    }

    private void Fail(MaestroException fault, string operation)
    {
        Say(MaestroEventKind.FailoverFailed, EventSeverity.Error, $"{fault.Message} It is tried again.", operation);
        (_isDue, _notBefore) = (true, _time.GetElapsedTime(_began) + Beat);
    }

    private void Say(MaestroEventKind kind, EventSeverity severity, string text, string operation = "") =>
        Write(new MaestroEvent { Time = _time.GetUtcNow(), SecurityGroup = group, Kind = kind, Severity = severity, Text = text, Operation = operation });

    private void SayKept()
    {
        if (_record.Fault.Length > 0 && !_saidNotKept) Say(MaestroEventKind.EventsNotKept, EventSeverity.Warning, $"what is said here is not kept: {_record.Fault} It is tried again.");
        _saidNotKept = _record.Fault.Length > 0;
    }

    private void Write(MaestroEvent happened)
    {
        _record.Put(happened);
        write(happened with { Session = parts.Session });
    }
}

using System.Globalization;
using Maestro.Engine.Hosting;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Monitoring;
using Maestro.Engine.Operations.Leases;
using Maestro.Engine.Store;

namespace Maestro.Engine.Monitoring.Watch;

/// <summary>
/// Keeps in the store what a watch says, once however many watch: the one that leads keeps it, and where nobody leads one of those that only look. The others
/// remember what they said for as long as a dead one may go unnoticed, so that who follows it leaves no gap.
/// </summary>
internal sealed class WatchRecord(EngineParts parts, string group, string id)
{
    /// <summary>Longer than a lease that nobody renews.</summary>
    public static readonly TimeSpan Overlap = LeaseTimes.TimeToLive + TimeSpan.FromSeconds(10);

    // Of what a store does not take for long, the newest.
    private const int HighestWaiting = 1000;

    private readonly WatchLease _lease = new(parts, Resource.Events(group), id);
    // What is said and what is written meet on threads of their own.
    private readonly object _gate = new();
    private readonly List<StoredEvent> _waiting = [];
    private long _said;

    /// <summary>Why the store did not take what waits; empty when it did, or nothing waits.</summary>
    public string Fault { get; private set; } = "";

    /// <summary>Something waits that this watch is to keep.</summary>
    public bool HasNews => _lease.IsHeld && Fault.Length == 0 && Waiting().Count > 0;

    public void Put(MaestroEvent said)
    {
        // What a watch says of itself alone is no news of the group.
        if (parts.ReadOnly || said.Kind is MaestroEventKind.LeadHeld or MaestroEventKind.EventsNotKept) return;
        lock (_gate)
        {
            _waiting.Add(new StoredEvent
            {
                At = said.Time,
                SecurityGroup = said.SecurityGroup,
                Member = said.Member,
                Kind = said.Kind.ToString(),
                Severity = said.Severity.ToString(),
                Text = said.Text,
                OperationId = said.Operation,
                Origin = id + "/" + (++_said).ToString(CultureInfo.InvariantCulture),
            });
            if (_waiting.Count > HighestWaiting) _waiting.RemoveAt(0);
        }
    }

    /// <summary>Keeps what waits, if it is this watch's to keep. To be called about once a second, and when there is news.</summary>
    /// <param name="leads">Whether this watch leads.</param>
    /// <param name="mayLead">Whether it would, if no other did.</param>
    public async Task KeepAsync(bool leads, bool mayLead)
    {
        if (parts.ReadOnly) return;
        try
        {
            if (!leads && (mayLead || await IsLedAsync()))
            {
                await _lease.ReleaseAsync();
            }
            else
            {
                var before = _lease.Token;
                await _lease.KeepAsync();
                if (_lease.Token is { } granted && granted != before) await LeaveOutKeptAsync();
            }

            if (_lease.Token is { } token) await WriteAsync(token);
            else Forget();
            Fault = "";
        }
        catch (MaestroException fault)
        {
            Fault = fault.Message;
        }
    }

    /// <summary>Writes what still waits, and lets another go on.</summary>
    public async Task EndAsync()
    {
        try
        {
            if (_lease.Token is { } token) await WriteAsync(token);
            await _lease.ReleaseAsync();
        }
        catch (MaestroException)
        {
            // Nobody listens to this watch any more; the lease runs out by itself.
        }
    }

    private async Task<bool> IsLedAsync() => (await parts.Store.FindLeasesAsync([Resource.Watch(group)])).Count > 0;

    private async Task WriteAsync(LeaseToken token)
    {
        var waiting = Waiting();
        if (waiting.Count == 0) return;
        await parts.Store.AppendEventsAsync(token, waiting);
        Drop(waiting.Contains);
    }

    /// <summary>Of what was seen while another one kept it, what that one has written.</summary>
    private async Task LeaveOutKeptAsync()
    {
        var waiting = Waiting();
        if (waiting.Count == 0) return;
        var kept = await parts.Store.FindEventsAsync(new EventQuery { SecurityGroup = group, After = waiting.Min(e => e.At) - Overlap });
        // That this watch began, and that it leads, is its own to say.
        Drop(e => e.Kind is not (nameof(MaestroEventKind.WatchBegan) or nameof(MaestroEventKind.LeadTaken)) && kept.Any(k => (k.Kind, k.Member, k.OperationId, Gist(k)) == (e.Kind, e.Member, e.OperationId, Gist(e)) && (k.At - e.At).Duration() <= Overlap));
    }

    /// <summary>What two watches say alike of one thing, however long each of them waited for it.</summary>
    private static string Gist(StoredEvent said) => said.Kind == nameof(MaestroEventKind.MemberStateChanged) ? ViewChanges.StateIn(said.Text) : "";

    private void Forget()
    {
        var oldest = parts.Scheduler.Time.GetUtcNow() - Overlap;
        Drop(e => e.At < oldest);
    }

    private List<StoredEvent> Waiting()
    {
        lock (_gate) return [.. _waiting];
    }

    private void Drop(Predicate<StoredEvent> which)
    {
        lock (_gate) _waiting.RemoveAll(which);
    }
}

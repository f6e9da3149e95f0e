using Maestro.Engine.Hosting;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Operations.Leases;

namespace Maestro.Engine.Monitoring.Watch;

/// <summary>A right that one of the watches of one store has: to act on a group, or to keep what is seen of it. One whose process is gone is followed at once.</summary>
internal sealed class WatchLease(EngineParts parts, string resource, string id)
{
    private LeaseToken? _token;
    private long _renewedAt;

    public bool IsHeld => Token is not null;

    /// <summary>Proof of it; null where it is not held, or was not renewed for as long as it lives: another may have taken it by now.</summary>
    public LeaseToken? Token => parts.Scheduler.Time.GetElapsedTime(_renewedAt) < LeaseTimes.TimeToLive ? _token : null;

    /// <summary>Who has it when it is not this one; empty where nobody was asked yet, or this one does.</summary>
    public string Holder { get; private set; } = "";

    /// <summary>Takes the lease, or keeps it. To be called about once a second.</summary>
    public async Task KeepAsync()
    {
        var time = parts.Scheduler.Time;
        // It lives from before the store wrote it, which may have taken long.
        var now = time.GetTimestamp();
        try
        {
            if (_token is not null)
            {
                if (time.GetElapsedTime(_renewedAt, now) < LeaseTimes.RenewEvery) return;
                await parts.Store.RenewLeasesAsync(_token);
                _renewedAt = now;
                return;
            }
        }
        catch (MaestroException fault) when (fault.Code == ErrorCatalogue.LeaseLost)
        {
            // It stood still for longer than the lease lives, and another took over.
            _token = null;
        }

        var answer = await parts.Store.AcquireLeasesAsync(new LeaseRequest { OperationId = id, Owner = parts.Identity.Self, Resources = [resource] });
        (_token, _renewedAt) = (answer.Token, now);
        Holder = answer.HeldBy.Count > 0 ? answer.HeldBy[0].Owner.ToString() : "";
    }

    public async Task ReleaseAsync()
    {
        if (_token is not { } token) return;
        _token = null;
        await parts.Store.ReleaseLeasesAsync(token);
    }
}

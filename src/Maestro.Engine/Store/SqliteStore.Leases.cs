using System.Globalization;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Operations.Leases;
using Microsoft.Data.Sqlite;

namespace Maestro.Engine.Store;

public sealed partial class SqliteStore
{
    private sealed record LeaseRow(string Resource, string Operation, long Epoch, long Since, long Expires, LeaseOwner Owner);

    public Task<LeaseAnswer> AcquireLeasesAsync(LeaseRequest request) => OnStoreAsync(c =>
    {
        var held = new List<LeaseHolder>();
        var takenOver = new List<string>();
        foreach (var resource in request.Resources.OrderBy(r => r, StringComparer.Ordinal))
        {
            if (ReadLease(c, resource) is not { } row) continue;
            if (row.Operation == request.OperationId && row.Owner == request.Owner) continue;
            if (IsLive(row)) held.Add(Holder(row));
            else if (row.Operation != request.OperationId) takenOver.Add(row.Operation);
        }

        if (held.Count > 0) return new LeaseAnswer { HeldBy = held };
        var epoch = NextEpoch(c, atLeast: 0);
        var now = _options.Time.GetUtcNow().UtcTicks;
        foreach (var resource in request.Resources)
        {
            Execute(
                c,
                """
                INSERT OR REPLACE INTO leases (resource, operation, epoch, since, expires, ttl, machine, boot, pid, pstart, host, user)
                VALUES ($resource, $operation, $epoch, $since, $expires, $ttl, $machine, $boot, $pid, $pstart, $host, $user)
                """,
                [
                    ("resource", resource), ("operation", request.OperationId), ("epoch", epoch), ("since", now),
                    ("expires", MonotonicMilliseconds() + (long)request.TimeToLive.TotalMilliseconds), ("ttl", (long)request.TimeToLive.TotalMilliseconds),
                    .. OwnerParameters(request.Owner),
                ]);
        }

        return new LeaseAnswer
        {
            Token = new LeaseToken { OperationId = request.OperationId, Epoch = epoch, Resources = request.Resources },
            TakenOverFrom = [.. takenOver.Distinct()],
        };
    });

    public Task<LeaseToken> RaiseEpochAsync(LeaseToken token, long epoch) => OnStoreAsync(c =>
    {
        RequireHeld(c, token);
        if (epoch <= token.Epoch) return token;
        NextEpoch(c, epoch);
        Execute(c, "UPDATE leases SET epoch = $epoch WHERE operation = $operation", ("epoch", epoch), ("operation", token.OperationId));
        return token with { Epoch = epoch };
    });

    public Task RenewLeasesAsync(LeaseToken token) => OnStoreAsync(c =>
    {
        RequireHeld(c, token);
        Execute(c, "UPDATE leases SET expires = $now + ttl WHERE operation = $operation", ("now", MonotonicMilliseconds()), ("operation", token.OperationId));
    });

    public Task ReleaseLeasesAsync(LeaseToken token) => OnStoreAsync(c =>
    {
        Execute(c, "DELETE FROM leases WHERE operation = $operation AND epoch = $epoch", ("operation", token.OperationId), ("epoch", token.Epoch));
    });

    public Task<IReadOnlyList<LeaseHolder>> FindLeasesAsync(IReadOnlyList<string> resources) => OnStoreAsync<IReadOnlyList<LeaseHolder>>(c =>
        [.. resources.OrderBy(r => r, StringComparer.Ordinal).Select(r => ReadLease(c, r)).Where(r => r is not null && IsLive(r)).Select(r => Holder(r!))]);

    /// <exception cref="MaestroException"><c>Maestro.LeaseLost</c>.</exception>
    private static void RequireHeld(SqliteConnection connection, LeaseToken token)
    {
        foreach (var resource in token.Resources)
        {
            var row = ReadLease(connection, resource);
            if (row is not null && row.Operation == token.OperationId && row.Epoch == token.Epoch) continue;
            var now = row is null ? "nobody holds it now" : $"{row.Owner} holds it now (operation {row.Operation})";
            throw new MaestroException(ErrorCatalogue.LeaseLost, $"Operation {token.OperationId} no longer holds '{resource}': {now}. Nothing was written.", resource);
        }
    }

    private static LeaseRow? ReadLease(SqliteConnection connection, string resource) => Query(
        connection,
        r => new LeaseRow(r.GetString(0), r.GetString(1), r.GetInt64(2), r.GetInt64(3), r.GetInt64(4), Owner(r, 5)),
        "SELECT resource, operation, epoch, since, expires, machine, boot, pid, pstart, host, user FROM leases WHERE resource = $resource",
        ("resource", resource)).FirstOrDefault();

    /// <summary>Another boot of the same machine, or a process that is gone, holds nothing. Else the monotonic expiry decides, whatever the clock says.</summary>
    private bool IsLive(LeaseRow row)
    {
        var self = _options.Identity.Self;
        if (row.Owner.MachineId == self.MachineId && row.Owner.BootId != self.BootId) return false;
        if (_options.Identity.IsAlive(row.Owner) == false) return false;
        return MonotonicMilliseconds() < row.Expires;
    }

    private static LeaseHolder Holder(LeaseRow row) => new() { Resource = row.Resource, Owner = row.Owner, OperationId = row.Operation, Since = Time(row.Since) };

    private static long NextEpoch(SqliteConnection connection, long atLeast)
    {
        var last = Query(connection, r => long.Parse(r.GetString(0), CultureInfo.InvariantCulture), "SELECT value FROM meta WHERE name = 'epoch'").FirstOrDefault();
        var next = Math.Max(last + 1, atLeast);
        Execute(connection, "INSERT OR REPLACE INTO meta (name, value) VALUES ('epoch', $value)", ("value", Text(next)));
        return next;
    }

    // System-wide since boot on Linux, Windows and macOS, so processes of one machine can compare it; the boot id tells boots apart.
    private long MonotonicMilliseconds() => (long)(_options.Time.GetTimestamp() * (1000.0 / _options.Time.TimestampFrequency));
}

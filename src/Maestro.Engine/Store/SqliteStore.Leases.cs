using Maestro.Engine.Model.Errors;
using Maestro.Engine.Operations.Leases;

namespace Maestro.Engine.Store;

public sealed partial class SqliteStore
{
    private sealed record LeaseRow(string Resource, string Operation, long Epoch, long Since, long Expires, LeaseOwner Owner);

    public Task<LeaseAnswer> AcquireLeasesAsync(LeaseRequest request) => WriteAsync(c =>
    {
        // A token over nothing would be held for ever.
        if (request.Resources.Count == 0) throw new ArgumentException("A lease is on something.", nameof(request));
        var resources = request.Resources.Distinct(StringComparer.Ordinal).OrderBy(r => r, StringComparer.Ordinal).ToList();
        var inTheWay = resources.Select(r => ReadLease(c, r)).OfType<LeaseRow>().Where(row => row.Operation != request.OperationId || row.Owner != request.Owner).ToList();
        if (inTheWay.Where(IsLive).Select(Holder).ToList() is { Count: > 0 } held) return new LeaseAnswer { HeldBy = held };

        var epoch = LeaseEpoch.Next(c);
        foreach (var resource in resources)
        {
            c.Execute(
                """
                INSERT OR REPLACE INTO leases (resource, operation, epoch, since, expires, ttl, machine, boot, pid, pstart, host, user)
                VALUES ($resource, $operation, $epoch, $since, $expires, $ttl, $machine, $boot, $pid, $pstart, $host, $user)
                """,
                [
                    ("resource", resource), ("operation", request.OperationId), ("epoch", epoch), ("since", _options.Time.GetUtcNow().UtcTicks),
                    ("expires", MonotonicMilliseconds() + (long)request.TimeToLive.TotalMilliseconds), ("ttl", (long)request.TimeToLive.TotalMilliseconds),
                    .. OwnerParameters(request.Owner),
                ]);
        }

        return new LeaseAnswer
        {
            Token = new LeaseToken { OperationId = request.OperationId, Epoch = epoch, Resources = resources },
            TakenOverFrom = [.. inTheWay.Select(r => r.Operation).Where(o => o != request.OperationId).Distinct(StringComparer.Ordinal)],
        };
    });

    public Task<LeaseToken> RaiseEpochAsync(LeaseToken token, long epoch) => WriteAsync(token, c =>
    {
        if (epoch <= token.Epoch) return token;
        LeaseEpoch.RaiseTo(c, epoch);
        foreach (var resource in token.Resources) c.Execute("UPDATE leases SET epoch = $epoch WHERE resource = $resource", ("epoch", epoch), ("resource", resource));
        return token with { Epoch = epoch };
    });

    public Task RenewLeasesAsync(LeaseToken token) => WriteAsync(token, c =>
    {
        foreach (var resource in token.Resources) c.Execute("UPDATE leases SET expires = $now + ttl WHERE resource = $resource", ("now", MonotonicMilliseconds()), ("resource", resource));
    });

    public Task ReleaseLeasesAsync(LeaseToken token) => WriteAsync(c =>
    {
        foreach (var resource in token.Resources)
        {
            c.Execute("DELETE FROM leases WHERE resource = $resource AND operation = $operation AND epoch = $epoch", ("resource", resource), ("operation", token.OperationId), ("epoch", token.Epoch));
        }

        return true;
    });

    public Task<IReadOnlyList<LeaseHolder>> FindLeasesAsync(IReadOnlyList<string> resources) => ReadAsync<IReadOnlyList<LeaseHolder>>(c =>
        [.. resources.Distinct(StringComparer.Ordinal).OrderBy(r => r, StringComparer.Ordinal).Select(r => ReadLease(c, r)).OfType<LeaseRow>().Where(IsLive).Select(Holder)]);

    /// <exception cref="MaestroException"><c>Maestro.LeaseLost</c>.</exception>
    private static void RequireHeld(StoreConnection connection, LeaseToken token)
    {
        if (token.Resources.Count == 0) throw new ArgumentException("The token is over nothing.", nameof(token));
        foreach (var resource in token.Resources)
        {
            var row = ReadLease(connection, resource);
            if (row is not null && row.Operation == token.OperationId && row.Epoch == token.Epoch) continue;
            var now = row is null ? "nobody holds it now" : $"{row.Owner} holds it now (operation {row.Operation})";
            throw new MaestroException(ErrorCatalogue.LeaseLost, $"Operation {token.OperationId} no longer holds '{resource}': {now}. Nothing was written.", resource);
        }
    }

    private static LeaseRow? ReadLease(StoreConnection connection, string resource) => connection.Query(
        r => new LeaseRow(r.GetString(0), r.GetString(1), r.GetInt64(2), r.GetInt64(3), r.GetInt64(4), Owner(r, 5)),
        "SELECT resource, operation, epoch, since, expires, machine, boot, pid, pstart, host, user FROM leases WHERE resource = $resource",
        ("resource", resource)).FirstOrDefault();

    /// <summary>Another boot, or a process that is gone, holds nothing: the file is local, so whoever wrote it under another boot did so before ours. Else the monotonic expiry decides, whatever the clock says.</summary>
    private bool IsLive(LeaseRow row) =>
        row.Owner.BootId == _options.Identity.Self.BootId
        && _options.Identity.IsAlive(row.Owner) != false
        && MonotonicMilliseconds() < row.Expires;

    private static LeaseHolder Holder(LeaseRow row) =>
        new() { Resource = row.Resource, Owner = row.Owner, OperationId = row.Operation, Since = new DateTimeOffset(row.Since, TimeSpan.Zero) };

    // System-wide since boot on Linux, Windows and macOS, so processes of one machine can compare it; the boot id tells boots apart.
    private long MonotonicMilliseconds()
    {
        var (now, frequency) = (_options.Time.GetTimestamp(), _options.Time.TimestampFrequency);
        return (now / frequency * 1000) + (now % frequency * 1000 / frequency);
    }
}

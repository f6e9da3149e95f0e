using Maestro.Engine.Operations.Leases;

namespace Maestro.Engine.Store;

public sealed partial class SqliteStore
{
    public Task AppendEventsAsync(LeaseToken token, IReadOnlyList<StoredEvent> events) => WriteAsync(token, c =>
    {
        foreach (var e in events)
        {
            c.Execute(
                "INSERT OR IGNORE INTO events (at, security_group, member, kind, severity, text, operation, origin) VALUES ($at, $group, $member, $kind, $severity, $text, $operation, $origin)",
                ("at", e.At.UtcTicks), ("group", e.SecurityGroup), ("member", e.Member), ("kind", e.Kind), ("severity", e.Severity), ("text", e.Text), ("operation", e.OperationId), ("origin", e.Origin));
        }

        var oldest = (_options.Time.GetUtcNow() - _options.Events.Age).UtcTicks;
        foreach (var group in events.Select(e => e.SecurityGroup).Distinct(StringComparer.Ordinal))
        {
            c.Execute("DELETE FROM events WHERE security_group = $group AND at < $oldest", ("group", group), ("oldest", oldest));
            c.Execute(
                "DELETE FROM events WHERE id IN (SELECT id FROM events WHERE security_group = $group ORDER BY at DESC, id DESC LIMIT -1 OFFSET $count)",
                ("group", group), ("count", _options.Events.Count));
        }
    });

    public Task<IReadOnlyList<StoredEvent>> FindEventsAsync(EventQuery query) => ReadAsync<IReadOnlyList<StoredEvent>>(c =>
    {
        var filter = new SqlFilter();
        if (query.SecurityGroup is { } group) filter.Add("security_group = $group", "group", group);
        if (query.Member is { } member) filter.Add("member = $member", "member", member);
        if (query.Kind is { } kind) filter.Add("kind = $kind", "kind", kind);
        if (query.After is { } after) filter.Add("at >= $after", "after", after.UtcTicks);
        if (query.Before is { } before) filter.Add("at < $before", "before", before.UtcTicks);
        return c.Query(
            r => new StoredEvent
            {
                At = StoreConnection.Time(r, 0),
                SecurityGroup = r.GetString(1),
                Member = r.GetString(2),
                Kind = r.GetString(3),
                Severity = r.GetString(4),
                Text = StoreConnection.Text(r, 5),
                OperationId = r.GetString(6),
                Origin = r.GetString(7),
            },
            $"SELECT at, security_group, member, kind, severity, text, operation, origin FROM events WHERE {filter.Sql} ORDER BY at DESC, id DESC LIMIT $limit",
            [.. filter.Parameters, ("limit", query.Newest ?? -1)]);
    });
}

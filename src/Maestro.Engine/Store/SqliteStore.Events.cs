namespace Maestro.Engine.Store;

public sealed partial class SqliteStore
{
    public Task AppendEventsAsync(IReadOnlyList<StoredEvent> events) => WriteAsync(c =>
    {
        foreach (var e in events)
        {
            c.Execute(
                "INSERT INTO events (at, security_group, member, kind, severity, text, operation) VALUES ($at, $group, $member, $kind, $severity, $text, $operation)",
                ("at", e.At.UtcTicks), ("group", e.SecurityGroup), ("member", e.Member), ("kind", e.Kind), ("severity", e.Severity), ("text", e.Text), ("operation", e.OperationId));
        }

        return true;
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
            },
            $"SELECT at, security_group, member, kind, severity, text, operation FROM events WHERE {filter.Sql} ORDER BY id DESC LIMIT $limit",
            [.. filter.Parameters, ("limit", query.Newest ?? -1)]);
    });
}

using Maestro.Engine.Model.Operations;
using Maestro.Engine.Operations.Journal;
using Maestro.Engine.Operations.Leases;
using Microsoft.Data.Sqlite;

namespace Maestro.Engine.Store;

public sealed partial class SqliteStore
{
    private const string OperationColumns =
        "id, kind, security_group, state, reason, plan, machine, boot, pid, pstart, host, user, resources, epoch, message, source, token, skipped, unsettled, started, ended";

    public Task BeginOperationAsync(LeaseToken token, OperationRecord record, JournalEntry started) => OnStoreAsync(c =>
    {
        RequireHeld(c, token);
        Execute(
            c,
            $"""
            INSERT INTO operations ({OperationColumns}, place)
            VALUES ($id, $kind, $group, $state, $reason, $plan, $machine, $boot, $pid, $pstart, $host, $user, $resources, $epoch, $message, $source, $token, $skipped, $unsettled, $started, $ended,
                    (SELECT coalesce(max(place), 0) + 1 FROM operations))
            """,
            [
                ("id", record.Id), ("kind", record.Kind), ("group", record.SecurityGroup), ("state", record.State.ToString()), ("reason", record.Reason), ("plan", record.PlanJson),
                ("resources", Lines(record.Resources)), ("epoch", token.Epoch), ("message", record.Message), ("source", record.Source), ("token", record.Token),
                ("skipped", Lines(record.SkippedChecks)), ("unsettled", Lines(record.UnsettledMembers)), ("started", record.StartedAt.UtcTicks), ("ended", record.EndedAt?.UtcTicks),
                .. OwnerParameters(record.Owner),
            ]);
        JournalChain.Append(c, started);
    });

    public Task AppendAsync(LeaseToken token, IReadOnlyList<JournalEntry> entries) => OnStoreAsync(c =>
    {
        RequireHeld(c, token);
        foreach (var entry in entries) JournalChain.Append(c, entry);
    });

    public Task SetOperationStateAsync(LeaseToken token, JournalEntry entry, OperationState state, string reason, IReadOnlyList<string> unsettledMembers, DateTimeOffset? endedAt) => OnStoreAsync(c =>
    {
        RequireHeld(c, token);
        JournalChain.Append(c, entry);
        Execute(
            c,
            "UPDATE operations SET state = $state, reason = $reason, unsettled = $unsettled, ended = $ended, epoch = $epoch WHERE id = $id",
            ("state", state.ToString()), ("reason", reason), ("unsettled", Lines(unsettledMembers)), ("ended", endedAt?.UtcTicks), ("epoch", token.Epoch), ("id", token.OperationId));
    });

    public Task TakeOverOperationAsync(LeaseToken token, LeaseOwner owner, JournalEntry entry) => OnStoreAsync(c =>
    {
        RequireHeld(c, token);
        JournalChain.Append(c, entry);
        Execute(
            c,
            """
            UPDATE operations SET state = 'Running', ended = NULL, epoch = $epoch, machine = $machine, boot = $boot, pid = $pid, pstart = $pstart, host = $host, user = $user
            WHERE id = $id
            """,
            [("epoch", token.Epoch), ("id", token.OperationId), .. OwnerParameters(owner)]);
    });

    public Task<IReadOnlyList<OperationRecord>> FindOperationsAsync(OperationQuery query) => OnStoreAsync<IReadOnlyList<OperationRecord>>(c =>
    {
        var where = new List<string>();
        var parameters = new List<(string, object?)>();
        if (query.IdPrefix is { } prefix) Add("substr(id, 1, length($id)) = $id", "id", prefix);
        if (query.SecurityGroup is { } group) Add("security_group = $group", "group", group);
        if (query.Kind is { } kind) Add("kind = $kind", "kind", kind);
        if (query.After is { } after) Add("started >= $after", "after", after.UtcTicks);
        if (query.States is { } states) AddAny("state", "state", [.. states.Select(s => s.ToString())]);
        var sql = $"SELECT {OperationColumns} FROM operations{(where.Count > 0 ? " WHERE " + string.Join(" AND ", where) : "")} ORDER BY place DESC";
        var rows = Query(c, ReadOperation, sql, [.. parameters]).AsEnumerable();
        if (query.AnyResource is { } resources) rows = rows.Where(o => o.Resources.Intersect(resources, StringComparer.Ordinal).Any());
        if (query.IdPrefix is not null) rows = rows.OrderByDescending(o => o.Id == query.IdPrefix);
        return [.. query.Newest is { } newest ? rows.Take(newest) : rows];

        void Add(string condition, string name, object value)
        {
            where.Add(condition);
            parameters.Add((name, value));
        }

        void AddAny(string column, string name, IReadOnlyList<string> values)
        {
            if (values.Count == 0)
            {
                where.Add("0");
                return;
            }

            where.Add($"{column} IN ({string.Join(", ", values.Select((_, i) => $"${name}{i}"))})");
            parameters.AddRange(values.Select((v, i) => ($"{name}{i}", (object?)v)));
        }
    });

    public Task<IReadOnlyList<JournalEntry>> ReadJournalAsync(string operationId) =>
        OnStoreAsync<IReadOnlyList<JournalEntry>>(c => JournalChain.Read(c, operationId));

    public Task PostRequestAsync(OperationRequest request) => OnStoreAsync(c =>
    {
        Execute(
            c,
            "INSERT INTO requests (operation, kind, at, by, message) VALUES ($operation, $kind, $at, $by, $message)",
            ("operation", request.OperationId), ("kind", request.Kind.ToString()), ("at", request.At.UtcTicks), ("by", request.By), ("message", request.Message));
    });

    public Task<IReadOnlyList<OperationRequest>> TakeRequestsAsync(LeaseToken token) => OnStoreAsync<IReadOnlyList<OperationRequest>>(c =>
    {
        RequireHeld(c, token);
        var requests = Query(
            c,
            r => new OperationRequest
            {
                OperationId = r.GetString(0),
                Kind = (RequestKind)Enum.Parse(typeof(RequestKind), r.GetString(1)),
                At = Time(r.GetInt64(2)),
                By = r.GetString(3),
                Message = r.GetString(4),
            },
            "SELECT operation, kind, at, by, message FROM requests WHERE operation = $operation ORDER BY id",
            ("operation", token.OperationId));
        if (requests.Count > 0) Execute(c, "DELETE FROM requests WHERE operation = $operation", ("operation", token.OperationId));
        return requests;
    });

    private static OperationRecord ReadOperation(SqliteDataReader r) => new()
    {
        Id = r.GetString(0),
        Kind = r.GetString(1),
        SecurityGroup = r.GetString(2),
        State = (OperationState)Enum.Parse(typeof(OperationState), r.GetString(3)),
        Reason = r.GetString(4),
        PlanJson = r.GetString(5),
        Owner = Owner(r, 6),
        Resources = FromLines(r.GetString(12)),
        Epoch = r.GetInt64(13),
        Message = r.GetString(14),
        Source = r.GetString(15),
        Token = r.GetString(16),
        SkippedChecks = FromLines(r.GetString(17)),
        UnsettledMembers = FromLines(r.GetString(18)),
        StartedAt = Time(r.GetInt64(19)),
        EndedAt = r.IsDBNull(20) ? null : Time(r.GetInt64(20)),
    };
}

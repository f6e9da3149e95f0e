using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Operations;
using Maestro.Engine.Operations.Journal;
using Maestro.Engine.Operations.Leases;
using Microsoft.Data.Sqlite;

namespace Maestro.Engine.Store;

public sealed partial class SqliteStore
{
    private const string OperationColumns =
        "id, kind, security_group, state, reason, plan, machine, boot, pid, pstart, host, user, resources, epoch, message, source, token, skipped, unsettled, started, ended";

    /// <summary>A record's columns with an empty plan where that was read before.</summary>
    private static readonly string OperationColumnsWithoutKnownPlans = OperationColumns.Replace(" plan,", " CASE WHEN id IN (SELECT value FROM json_each($known)) THEN '' ELSE plan END,");

    private readonly PlanCache _plans = new();

    public Task BeginOperationAsync(LeaseToken token, OperationRecord record, JournalEntry started) => WriteAsync(token, c =>
    {
        if (record.Id != token.OperationId) throw new ArgumentException($"The operation is {record.Id}, the lease is of {token.OperationId}.", nameof(record));
        if (HasOperation(c, record.Id)) throw new InvalidOperationException($"Operation {record.Id} has begun already.");
        c.Execute(
            $"""
            INSERT INTO operations ({OperationColumns})
            VALUES ($id, $kind, $group, $state, $reason, $plan, $machine, $boot, $pid, $pstart, $host, $user, $resources, $epoch, $message, $source, $token, $skipped, $unsettled, $started, $ended)
            """,
            [
                ("id", record.Id), ("kind", record.Kind), ("group", record.SecurityGroup), ("state", record.State.ToString()), ("reason", record.Reason), ("plan", record.PlanJson),
                ("resources", Json(record.Resources)), ("epoch", token.Epoch), ("message", record.Message), ("source", record.Source), ("token", record.Token),
                ("skipped", Json(record.SkippedChecks)), ("unsettled", Json(record.UnsettledMembers)), ("started", record.StartedAt.UtcTicks), ("ended", record.EndedAt?.UtcTicks),
                .. OwnerParameters(record.Owner),
            ]);
        AppendWithRecord(c, token, started);
    });

    public Task AppendAsync(LeaseToken token, IReadOnlyList<JournalEntry> entries) => WriteAsync(token, c =>
    {
        foreach (var entry in entries) JournalChain.Append(c, token, entry);
    });

    public Task SetOperationStateAsync(LeaseToken token, JournalEntry entry, OperationState state, string reason, IReadOnlyList<string> unsettledMembers, DateTimeOffset? endedAt) => WriteAsync(token, c =>
    {
        c.Execute(
            "UPDATE operations SET state = $state, reason = $reason, unsettled = $unsettled, ended = $ended, epoch = $epoch WHERE id = $id",
            ("state", state.ToString()), ("reason", reason), ("unsettled", Json(unsettledMembers)), ("ended", endedAt?.UtcTicks), ("epoch", token.Epoch), ("id", token.OperationId));
        AppendWithRecord(c, token, entry);
    });

    public Task TakeOverOperationAsync(LeaseToken token, LeaseOwner owner, JournalEntry entry) => WriteAsync(token, c =>
    {
        c.Execute(
            """
            UPDATE operations SET state = 'Running', ended = NULL, epoch = $epoch, machine = $machine, boot = $boot, pid = $pid, pstart = $pstart, host = $host, user = $user
            WHERE id = $id
            """,
            [("epoch", token.Epoch), ("id", token.OperationId), .. OwnerParameters(owner)]);
        AppendWithRecord(c, token, entry);
    });

    public Task<IReadOnlyList<OperationRecord>> FindOperationsAsync(OperationQuery query) => ReadAsync<IReadOnlyList<OperationRecord>>(c =>
    {
        var filter = new SqlFilter();
        if (query.IdPrefix is { } id) filter.Add(HasOperation(c, id) ? "id = $id" : "substr(id, 1, length($id)) = $id", "id", id);
        if (query.SecurityGroup is { } group) filter.Add("security_group = $group", "group", group);
        if (query.Kind is { } kind) filter.Add("kind = $kind", "kind", kind);
        if (query.After is { } after) filter.Add("started >= $after", "after", after.UtcTicks);
        if (query.EndedAfter is { } endedAfter) filter.Add("ended >= $endedAfter", "endedAfter", endedAfter.UtcTicks);
        if (query.EndedBefore is { } endedBefore) filter.Add("ended < $endedBefore", "endedBefore", endedBefore.UtcTicks);
        if (query.States is { } states) filter.AddAny("state IN ({0})", "state", states.Select(s => s.ToString()));
        if (query.AnyResource is { } resources) filter.AddAny("EXISTS (SELECT 1 FROM json_each(operations.resources) WHERE value IN ({0}))", "resource", resources);
        var sql = $"SELECT {OperationColumnsWithoutKnownPlans} FROM operations WHERE {filter.Sql} ORDER BY place DESC LIMIT $limit";
        var found = c.Query(ReadOperation, sql, [.. filter.Parameters, ("limit", query.Newest ?? -1), ("known", Json(_plans.TakeKnown()))]);
        return [.. found.Select(Vouched)];

        OperationRecord Vouched(OperationRecord row)
        {
            var (record, digest) = _plans.Complete(row, DigestOf);
            JournalChain.RequireVouched(c, JournalChain.OperationRecordName(record.Id), digest);
            _plans.Keep(record, digest);
            return record;
        }
    });

    public Task<IReadOnlyList<JournalEntry>> ReadJournalAsync(string operationId) => ReadAsync(c => JournalChain.Read(c, operationId));

    private static bool HasOperation(StoreConnection connection, string id) => connection.Number("SELECT count(*) FROM operations WHERE id = $id", ("id", id)) > 0;

    /// <summary>Appends the entry and, with it, the journal's word for the operation as this transaction leaves it.</summary>
    private void AppendWithRecord(StoreConnection connection, LeaseToken token, JournalEntry entry)
    {
        var record = connection.Query(ReadOperation, $"SELECT {OperationColumns} FROM operations WHERE id = $id", ("id", token.OperationId)).FirstOrDefault()
            ?? throw new MaestroException(ErrorCatalogue.OperationNotFound, $"There is no operation '{token.OperationId}' in {Location}.", token.OperationId);
        JournalChain.Append(connection, token, entry, JournalChain.OperationRecordName(record.Id), DigestOf(record));
    }

    private static string DigestOf(OperationRecord record) => Fingerprint.OfFields(
    [
        record.Id, record.Kind, record.SecurityGroup, record.State.ToString(), record.Reason, record.PlanJson,
        record.Owner.MachineId, record.Owner.BootId, Text(record.Owner.ProcessId), record.Owner.ProcessStart, record.Owner.Host, record.Owner.User,
        Json(record.Resources), Text(record.Epoch), record.Message, record.Source, record.Token, Json(record.SkippedChecks), Json(record.UnsettledMembers),
        Text(record.StartedAt.UtcTicks), record.EndedAt is { } ended ? Text(ended.UtcTicks) : "",
    ]);

    private static OperationRecord ReadOperation(SqliteDataReader r) => new()
    {
        Id = r.GetString(0),
        Kind = r.GetString(1),
        SecurityGroup = r.GetString(2),
        State = StoreConnection.Word<OperationState>(r, 3),
        Reason = StoreConnection.Text(r, 4),
        PlanJson = StoreConnection.Text(r, 5),
        Owner = Owner(r, 6),
        Resources = FromJson(r.GetString(12)),
        Epoch = r.GetInt64(13),
        Message = StoreConnection.Text(r, 14),
        Source = StoreConnection.Text(r, 15),
        Token = r.GetString(16),
        SkippedChecks = FromJson(r.GetString(17)),
        UnsettledMembers = FromJson(r.GetString(18)),
        StartedAt = StoreConnection.Time(r, 19),
        EndedAt = r.IsDBNull(20) ? null : StoreConnection.Time(r, 20),
    };
}

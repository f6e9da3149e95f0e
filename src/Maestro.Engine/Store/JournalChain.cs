using System.Globalization;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Operations.Journal;
using Maestro.Engine.Operations.Leases;

namespace Maestro.Engine.Store;

/// <summary>
/// The journal's rows, each of which carries the hash of itself and of the one before: a row that is missing or was changed breaks the chain.
/// Rows also carry the fingerprint of the operation or generation that their transaction wrote, so the chain vouches for those records too.
/// </summary>
internal static class JournalChain
{
    // How much of the chain is followed when a store is opened; the rest where it is read. That no row is missing is always checked.
    private const int FollowedOnOpen = 2000;

    public static string OperationRecordName(string id) => "operation/" + id;

    public static string GenerationRecordName(GenerationKind kind, string securityGroup, int number) =>
        $"generation/{kind}/{securityGroup}/{number.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>Appends an entry, and with it the word for a record that the same transaction wrote.</summary>
    public static void Append(StoreConnection connection, LeaseToken token, JournalEntry entry, string record = "", string digest = "")
    {
        if (entry.OperationId != token.OperationId) throw new ArgumentException($"The entry is of operation {entry.OperationId}, the lease of {token.OperationId}.", nameof(entry));
        Insert(connection, new JournalRow { Entry = entry, Epoch = token.Epoch, Record = record, Digest = digest });
    }

    /// <summary>Appends the word for a record whose change has no entry of its own.</summary>
    public static void Vouch(StoreConnection connection, LeaseToken token, DateTimeOffset at, string record, string digest) => Insert(connection, new JournalRow
    {
        Entry = new JournalEntry { OperationId = token.OperationId, At = at, Kind = JournalEntryKind.Note },
        IsRecord = true,
        Epoch = token.Epoch,
        Record = record,
        Digest = digest,
    });

    /// <exception cref="MaestroException"><c>Maestro.StoreDamaged</c>: a row of the operation is missing or not as it was written.</exception>
    public static IReadOnlyList<JournalEntry> Read(StoreConnection connection, string operationId)
    {
        var rows = connection.Query(
            r => (Row: JournalRow.Read(r), Before: r.IsDBNull(15) ? null : r.GetString(15)),
            $"SELECT {JournalRow.Columns}, (SELECT b.hash FROM journal b WHERE b.sequence = journal.sequence - 1) FROM journal WHERE operation = $operation ORDER BY sequence",
            ("operation", operationId));
        var previous = 0L;
        foreach (var (row, before) in rows)
        {
            if (row.Previous != previous) throw Broken(connection, row, $"operation {operationId} lacks an entry before it");
            RequireLinked(connection, row, before);
            previous = row.Entry.Sequence;
        }

        return [.. rows.Where(r => !r.Row.IsRecord).Select(r => r.Row.Entry)];
    }

    public static JournalHead Head(StoreConnection connection) =>
        connection.Query(r => new JournalHead(r.GetInt64(0), r.GetString(1)), "SELECT sequence, hash FROM journal ORDER BY sequence DESC LIMIT 1").FirstOrDefault() ?? JournalHead.Empty;

    /// <summary>Checks a record against the newest word for it.</summary>
    /// <exception cref="MaestroException"><c>Maestro.StoreDamaged</c>.</exception>
    public static void RequireVouched(StoreConnection connection, string record, string digest)
    {
        var vouched = connection.Query(r => r.GetString(0), "SELECT digest FROM journal WHERE record = $record AND record <> '' ORDER BY sequence DESC LIMIT 1", ("record", record)).FirstOrDefault();
        if (vouched != digest) throw Damaged(connection.Path, $"the record '{record}' is not the one that the journal vouches for");
    }

    /// <summary>Checks that no row or record is missing, follows the newest part of the chain, and compares it with what was acknowledged.</summary>
    /// <exception cref="MaestroException"><c>Maestro.StoreDamaged</c>.</exception>
    public static void Verify(StoreConnection connection, JournalHead? anchored)
    {
        var head = Head(connection);
        if (anchored is not null && head.Sequence < anchored.Sequence)
        {
            throw Damaged(connection.Path, $"the journal ends at entry {Text(head.Sequence)}, but entry {Text(anchored.Sequence)} was acknowledged");
        }

        if (connection.Number("SELECT count(*) FROM journal") != head.Sequence) throw Damaged(connection.Path, "entries are missing from the journal");
        var rows = connection.Query(JournalRow.Read, "SELECT " + JournalRow.Columns + " FROM journal ORDER BY sequence DESC LIMIT $limit", ("limit", FollowedOnOpen));
        for (var i = 0; i < rows.Count - 1; i++) RequireLinked(connection, rows[i], rows[i + 1].Hash);
        if (rows.Count is > 0 and < FollowedOnOpen) RequireLinked(connection, rows[rows.Count - 1], null);
        if (anchored is not null && !Holds(connection, anchored)) throw Damaged(connection.Path, $"entry {Text(anchored.Sequence)} is not the one that was acknowledged");

        var records = connection.Number("SELECT count(DISTINCT record) FROM journal WHERE record <> ''");
        if (records != connection.Number("SELECT (SELECT count(*) FROM operations) + (SELECT count(*) FROM generations)"))
        {
            throw Damaged(connection.Path, "operations or versions that the journal vouches for are missing");
        }

        if (rows.Count > 0 && rows.Max(r => r.Epoch) > LeaseEpoch.Last(connection)) throw Damaged(connection.Path, "the counter of lease epochs has gone back");
    }

    private static bool Holds(StoreConnection connection, JournalHead anchored) =>
        connection.Query(r => r.GetString(0), "SELECT hash FROM journal WHERE sequence = $sequence", ("sequence", anchored.Sequence)).FirstOrDefault() == anchored.Hash;

    private static void Insert(StoreConnection connection, JournalRow row)
    {
        var head = Head(connection);
        var last = connection.Number("SELECT coalesce(max(sequence), 0) FROM journal WHERE operation = $operation", ("operation", row.Entry.OperationId));
        row = row with { Previous = last, Entry = row.Entry with { Sequence = head.Sequence + 1 } };
        var entry = row.Entry;
        connection.Execute(
            $"INSERT INTO journal ({JournalRow.Columns}) VALUES ($sequence, $schema, $operation, $at, $kind, $step, $attempt, $outcome, $reason, $evidence, $previous, $epoch, $record, $digest, $hash)",
            ("sequence", entry.Sequence), ("schema", entry.SchemaVersion), ("operation", entry.OperationId), ("at", entry.At.UtcTicks), ("kind", row.KindWord), ("step", entry.StepId),
            ("attempt", entry.Attempt), ("outcome", entry.Outcome), ("reason", entry.Reason), ("evidence", entry.Evidence), ("previous", row.Previous), ("epoch", row.Epoch),
            ("record", row.Record), ("digest", row.Digest), ("hash", row.HashAfter(head.Hash)));
    }

    /// <param name="connection">For the message.</param>
    /// <param name="row">The row to check.</param>
    /// <param name="before">The hash of the row before it; null when there is none, which only the first may say.</param>
    private static void RequireLinked(StoreConnection connection, JournalRow row, string? before)
    {
        if (before is null != (row.Entry.Sequence == 1)) throw Broken(connection, row, "the entry before it is missing");
        if (row.Hash != row.HashAfter(before ?? "")) throw Broken(connection, row, "it, or the one before it, is not as it was written");
    }

    private static MaestroException Broken(StoreConnection connection, JournalRow row, string why) =>
        Damaged(connection.Path, $"the journal's chain is broken at entry {Text(row.Entry.Sequence)}: {why}");

    private static MaestroException Damaged(string? path, string what) => new(
        ErrorCatalogue.StoreDamaged,
        $"{path ?? "The store in memory"}: {what}.",
        path,
        path is null ? null : $"Restore the file together with {JournalAnchor.PathOf(path)} from a copy, or go on with another -StorePath: the gateways know their own truth. If you yourself put an older file there, remove its .anchor file.");

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}

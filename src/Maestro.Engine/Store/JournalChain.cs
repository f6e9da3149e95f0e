using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Operations.Journal;
using Microsoft.Data.Sqlite;

namespace Maestro.Engine.Store;

/// <summary>The journal's rows, each of which carries the hash of itself and of the one before: a row that is missing or was changed breaks the chain.</summary>
internal static class JournalChain
{
    // How much of the chain is checked when a store is opened; all of it is checked where it is read.
    private const int CheckedOnOpen = 2000;

    private const string Columns = "sequence, schema, operation, at, kind, step, attempt, outcome, reason, evidence, hash";

    private sealed record Row(JournalEntry Entry, string Hash);

    public static void Append(SqliteConnection connection, JournalEntry entry)
    {
        var last = Rows(connection, "ORDER BY sequence DESC LIMIT 1").FirstOrDefault();
        var numbered = entry with { Sequence = (last?.Entry.Sequence ?? 0) + 1 };
        using var insert = connection.CreateCommand();
        insert.CommandText = $"INSERT INTO journal ({Columns}) VALUES ($sequence, $schema, $operation, $at, $kind, $step, $attempt, $outcome, $reason, $evidence, $hash)";
        Add("sequence", numbered.Sequence);
        Add("schema", numbered.SchemaVersion);
        Add("operation", numbered.OperationId);
        Add("at", numbered.At.UtcTicks);
        Add("kind", numbered.Kind.ToString());
        Add("step", numbered.StepId);
        Add("attempt", numbered.Attempt);
        Add("outcome", numbered.Outcome);
        Add("reason", numbered.Reason);
        Add("evidence", numbered.Evidence);
        Add("hash", HashOf(last?.Hash ?? "", numbered));
        insert.ExecuteNonQuery();

        void Add(string name, object value) => insert.Parameters.AddWithValue("$" + name, value);
    }

    /// <exception cref="MaestroException"><c>Maestro.StoreDamaged</c>: a row of the operation is not as it was written.</exception>
    public static IReadOnlyList<JournalEntry> Read(SqliteConnection connection, string operationId)
    {
        var rows = Rows(connection, "WHERE operation = $operation ORDER BY sequence", ("operation", operationId));
        foreach (var row in rows)
        {
            var before = Rows(connection, "WHERE sequence = $sequence", ("sequence", row.Entry.Sequence - 1)).FirstOrDefault();
            RequireLinked(before, row, null);
        }

        return [.. rows.Select(r => r.Entry)];
    }

    public static (long Sequence, string Hash) Head(SqliteConnection connection)
    {
        var last = Rows(connection, "ORDER BY sequence DESC LIMIT 1").FirstOrDefault();
        return last is null ? (0, "") : (last.Entry.Sequence, last.Hash);
    }

    /// <summary>Checks the newest part of the chain, and that nothing is missing which the anchor says was committed.</summary>
    /// <exception cref="MaestroException"><c>Maestro.StoreDamaged</c>.</exception>
    public static void Verify(SqliteConnection connection, JournalAnchor anchor, string? path)
    {
        var rows = Rows(connection, $"ORDER BY sequence DESC LIMIT {CheckedOnOpen.ToString(CultureInfo.InvariantCulture)}");
        for (var i = 0; i < rows.Count - 1; i++) RequireLinked(rows[i + 1], rows[i], path);
        if (rows.Count is > 0 and < CheckedOnOpen) RequireLinked(null, rows[rows.Count - 1], path);
        if (anchor.Read() is not { } committed) return;
        var head = rows.Count == 0 ? 0 : rows[0].Entry.Sequence;
        if (head < committed.Sequence)
        {
            throw new MaestroException(
                ErrorCatalogue.StoreDamaged,
                $"{path}: the journal ends at entry {head.ToString(CultureInfo.InvariantCulture)}, but {committed.Sequence.ToString(CultureInfo.InvariantCulture)} was acknowledged.",
                path);
        }

        var there = Rows(connection, "WHERE sequence = $sequence", ("sequence", committed.Sequence)).FirstOrDefault();
        if (there?.Hash != committed.Hash)
        {
            throw new MaestroException(ErrorCatalogue.StoreDamaged, $"{path}: entry {committed.Sequence.ToString(CultureInfo.InvariantCulture)} is not the one that was acknowledged.", path);
        }
    }

    private static void RequireLinked(Row? before, Row row, string? path)
    {
        var inOrder = before is null ? row.Entry.Sequence == 1 : row.Entry.Sequence == before.Entry.Sequence + 1;
        if (inOrder && row.Hash == HashOf(before?.Hash ?? "", row.Entry)) return;
        throw new MaestroException(
            ErrorCatalogue.StoreDamaged,
            $"{path ?? "The store"}: the journal's chain is broken at entry {row.Entry.Sequence.ToString(CultureInfo.InvariantCulture)}.",
            path);
    }

    private static string HashOf(string before, JournalEntry entry)
    {
        // Each field with its length, so that no two different entries read the same.
        var text = new StringBuilder(before);
        foreach (var field in new[]
        {
            entry.Sequence.ToString(CultureInfo.InvariantCulture), entry.SchemaVersion.ToString(CultureInfo.InvariantCulture), entry.OperationId,
            entry.At.UtcTicks.ToString(CultureInfo.InvariantCulture), entry.Kind.ToString(), entry.StepId, entry.Attempt.ToString(CultureInfo.InvariantCulture),
            entry.Outcome, entry.Reason, entry.Evidence,
        })
        {
            text.Append(field.Length.ToString(CultureInfo.InvariantCulture)).Append(':').Append(field);
        }

        return Fingerprint.Of(text.ToString());
    }

    private static List<Row> Rows(SqliteConnection connection, string clause, params (string Name, object Value)[] parameters)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT {Columns} FROM journal {clause}";
        foreach (var (name, value) in parameters) command.Parameters.AddWithValue("$" + name, value);
        using var reader = command.ExecuteReader();
        var rows = new List<Row>();
        while (reader.Read())
        {
            rows.Add(new Row(
                new JournalEntry
                {
                    Sequence = reader.GetInt64(0),
                    SchemaVersion = reader.GetInt32(1),
                    OperationId = reader.GetString(2),
                    At = new DateTimeOffset(reader.GetInt64(3), TimeSpan.Zero),
                    Kind = Enum.TryParse<JournalEntryKind>(reader.GetString(4), out var kind) ? kind : throw Unknown(reader.GetString(4)),
                    StepId = reader.GetString(5),
                    Attempt = reader.GetInt32(6),
                    Outcome = reader.GetString(7),
                    Reason = reader.GetString(8),
                    Evidence = reader.GetString(9),
                },
                reader.GetString(10)));
        }

        return rows;
    }

    private static MaestroException Unknown(string kind) => new(ErrorCatalogue.StoreTooNew, $"The journal holds an entry of the unknown kind '{kind}'.");
}

/// <summary>SHA-256 of text as UTF-8, in lower-case hex: the identity of contents everywhere in Maestro.</summary>
public static class Fingerprint
{
    public static string Of(string text)
    {
        using var sha = SHA256.Create();
        var hex = new StringBuilder(64);
        foreach (var b in sha.ComputeHash(Encoding.UTF8.GetBytes(text))) hex.Append(b.ToString("x2", CultureInfo.InvariantCulture));
        return hex.ToString();
    }
}

using System.Globalization;
using Maestro.Engine.Operations.Journal;
using Microsoft.Data.Sqlite;

namespace Maestro.Engine.Store;

/// <summary>Where the journal ends: the newest entry and the hash that the whole chain comes to. 0 and empty before the first.</summary>
internal sealed record JournalHead(long Sequence, string Hash)
{
    public static readonly JournalHead Empty = new(0, "");
}

/// <summary>One row of the journal with what binds it: to the row before, to the operation's row before, and to the record whose content it vouches for.</summary>
internal sealed record JournalRow
{
    /// <summary>In the order in which <see cref="Read"/> takes them.</summary>
    public const string Columns = "sequence, schema, operation, at, kind, step, attempt, outcome, reason, evidence, previous, epoch, record, digest, hash";

    /// <summary>The kind of rows that are no entries of an operation's story but vouch for a record of the store.</summary>
    public const string RecordKind = "Record";

    public required JournalEntry Entry { get; init; }

    /// <summary>True for a row that only vouches for a record.</summary>
    public bool IsRecord { get; init; }

    /// <summary>The operation's row before this one; 0 for its first.</summary>
    public long Previous { get; init; }

    /// <summary>The epoch under which it was written.</summary>
    public long Epoch { get; init; }

    /// <summary>The record that the transaction also wrote, such as <c>operation/k3f9-7qtd</c>; empty when it wrote none.</summary>
    public string Record { get; init; } = "";

    /// <summary>The fingerprint of that record's fields after the transaction.</summary>
    public string Digest { get; init; } = "";

    public string Hash { get; init; } = "";

    public string KindWord => IsRecord ? RecordKind : Entry.Kind.ToString();

    public static JournalRow Read(SqliteDataReader row)
    {
        var isRecord = row.GetString(4) == RecordKind;
        return new JournalRow
        {
            Entry = new JournalEntry
            {
                Sequence = row.GetInt64(0),
                SchemaVersion = row.GetInt32(1),
                OperationId = row.GetString(2),
                At = StoreConnection.Time(row, 3),
                Kind = isRecord ? JournalEntryKind.Note : StoreConnection.Word<JournalEntryKind>(row, 4),
                StepId = StoreConnection.Text(row, 5),
                Attempt = row.GetInt32(6),
                Outcome = StoreConnection.Text(row, 7),
                Reason = StoreConnection.Text(row, 8),
                Evidence = StoreConnection.Text(row, 9),
            },
            IsRecord = isRecord,
            Previous = row.GetInt64(10),
            Epoch = row.GetInt64(11),
            Record = row.GetString(12),
            Digest = row.GetString(13),
            Hash = row.GetString(14),
        };
    }

    /// <summary>The hash of this row when the row before it came to <paramref name="before"/>.</summary>
    public string HashAfter(string before) => Fingerprint.OfFields(
    [
        before, Number(Entry.Sequence), Number(Entry.SchemaVersion), Entry.OperationId, Number(Entry.At.UtcTicks), KindWord, Entry.StepId, Number(Entry.Attempt),
        Entry.Outcome, Entry.Reason, Entry.Evidence, Number(Previous), Number(Epoch), Record, Digest,
    ]);

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}

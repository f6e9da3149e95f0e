using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;

namespace Maestro.Engine.Store;

/// <summary>
/// Remembers, outside the database file, how far the journal had come. It is written after each commit and never before, and not synced: it
/// may lag behind the journal, which proves nothing, but a journal behind its anchor has lost what was acknowledged.
/// </summary>
internal sealed class JournalAnchor(string? databasePath)
{
    private readonly string? _path = databasePath is null ? null : databasePath + ".anchor";
    private long _written;

    public void Write(SqliteConnection connection)
    {
        if (_path is null) return;
        var (sequence, hash) = JournalChain.Head(connection);
        if (sequence == _written) return;
        var line = sequence.ToString(CultureInfo.InvariantCulture) + " " + hash;
        var bytes = Encoding.ASCII.GetBytes((line + " " + Fingerprint.Of(line)).PadRight(160) + "\n");
        try
        {
            using var file = new FileStream(_path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite);
            file.Write(bytes, 0, bytes.Length);
            _written = sequence;
        }
        catch (IOException)
        {
            // An anchor that cannot be written lags; the commit stands.
        }
    }

    /// <summary>Null when there is none, or when it was torn while being written: then it proves nothing.</summary>
    public (long Sequence, string Hash)? Read()
    {
        if (_path is null || !File.Exists(_path)) return null;
        var parts = File.ReadAllText(_path, Encoding.ASCII).Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        return parts.Length == 3
            && Fingerprint.Of(parts[0] + " " + parts[1]) == parts[2]
            && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var sequence)
            ? (sequence, parts[1])
            : null;
    }
}

using System.Globalization;
using System.Text;

namespace Maestro.Engine.Store;

/// <summary>
/// Remembers, in a file beside the database, how far the journal had come. A journal behind its anchor has lost what was acknowledged.
/// </summary>
/// <remarks>
/// It is written after each commit and never before, so on an honest disk it can lag but never lead: after a crash it gives no false alarm.
/// The write itself outlives our process. It is forced to disk at most once a second (and on closing): one at every commit would double the price of
/// a commit, and where the disk lies about what it has, the force is no proof either; what matters is that the anchor does not stay for
/// long in the same volatile memory as the data that it vouches for.
/// </remarks>
internal sealed class JournalAnchor(string? databasePath, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan SyncEvery = TimeSpan.FromSeconds(1);

    private readonly string? _path = databasePath is null ? null : PathOf(databasePath);
    private FileStream? _file;
    private JournalHead? _written;
    private long? _syncedAt;
    private bool _unsynced;

    public static string PathOf(string databasePath) => databasePath + ".anchor";

    public void Write(JournalHead head)
    {
        if (_path is null) return;
        try
        {
            if (head != _written) Put(head);
            if (_unsynced && (_syncedAt is null || time.GetElapsedTime(_syncedAt.Value) >= SyncEvery)) Sync();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // An anchor that cannot be written lags; the commit stands.
        }
    }

    /// <summary>Null when there is none, or when it was torn while being written: then it proves nothing.</summary>
    public JournalHead? Read()
    {
        if (_path is null || !File.Exists(_path)) return null;
        using var file = new FileStream(_path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(file, Encoding.ASCII);
        var parts = reader.ReadToEnd().Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        return parts.Length == 3
            && Fingerprint.Of(parts[0] + " " + parts[1]) == parts[2]
            && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var sequence)
            ? new JournalHead(sequence, parts[1])
            : null;
    }

    public void Dispose()
    {
        try
        {
            if (_unsynced) Sync();
        }
        catch (IOException)
        {
            // As when writing.
        }

        _file?.Dispose();
    }

    private void Put(JournalHead head)
    {
        if (head.Sequence == 0) return;
        if (_file is null)
        {
            StoreFile.MakePrivate(_path!);
            _file = new FileStream(_path!, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1);
        }

        var line = head.Sequence.ToString(CultureInfo.InvariantCulture) + " " + head.Hash;
        // Always of one length, so that a shorter line never leaves the tail of a longer one.
        var bytes = Encoding.ASCII.GetBytes((line + " " + Fingerprint.Of(line)).PadRight(160) + "\n");
        _file.Position = 0;
        _file.Write(bytes, 0, bytes.Length);
        _file.Flush();
        _written = head;
        _unsynced = true;
    }

    private void Sync()
    {
        _file!.Flush(flushToDisk: true);
        _syncedAt = time.GetTimestamp();
        _unsynced = false;
    }
}

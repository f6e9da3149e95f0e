using System.Text;

namespace Maestro.Engine.Fabrics.Linux.Ssh;

/// <summary>
/// The user's known_hosts on disk. Read again whenever it changed; written only by adding a line at its end while nobody else of us may, so that what
/// ssh writes at the same time, the file's rights and a symbolic link stay as they are. A line that a crash cut off vouches for nobody.
/// </summary>
internal sealed class KnownHostsFile(string path)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    private readonly object _gate = new();
    private (DateTime Written, long Length) _seen = (DateTime.MinValue, -1);
    private string _text = "";
    private KnownHosts _known = KnownHosts.Parse("");

    /// <exception cref="IOException">The file is there and cannot be read.</exception>
    public KnownHosts Read()
    {
        lock (_gate)
        {
            var file = path.Length > 0 ? new FileInfo(path) : null;
            if (file is { Exists: true })
            {
                if ((file.LastWriteTimeUtc, file.Length) == _seen) return _known;
                using var stream = Open(FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
                Keep(TextOf(stream));
                _seen = (file.LastWriteTimeUtc, file.Length);
            }
            else if (path.Length > 0)
            {
                Keep("");
            }

            return _known;
        }
    }

    /// <summary>Adds a host's first key. Of two processes that do so at the same time the second sees what the first wrote, and writes nothing.</summary>
    /// <returns>The keys that the host then has on record.</returns>
    /// <exception cref="IOException">The file cannot be written, or another process does not let go of it.</exception>
    public IReadOnlyList<HostKey> Remember(string host, int port, HostKey key)
    {
        lock (_gate)
        {
            var line = $"{KnownHosts.NameOf(host, port)} {key.Type} {key.Key}\n";
            if (path.Length == 0)
            {
                Keep(_text + line);
                return _known.For(host, port);
            }

            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            using var file = Open(FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            Keep(TextOf(file));
            if (_known.For(host, port) is { Count: > 0 } faster) return faster;
            var added = (_text.Length == 0 || _text.EndsWith("\n", StringComparison.Ordinal) ? "" : "\n") + line;
            var bytes = Encoding.ASCII.GetBytes(added);
            file.Seek(0, SeekOrigin.End);
            file.Write(bytes, 0, bytes.Length);
            file.Flush(flushToDisk: true);
            Keep(_text + added);
            return _known.For(host, port);
        }
    }

    private void Keep(string text)
    {
        _text = text;
        _known = KnownHosts.Parse(text);
        _seen = (DateTime.MinValue, -1);
    }

    private FileStream Open(FileMode mode, FileAccess access, FileShare share)
    {
        for (var waited = TimeSpan.Zero; ; waited += Pause)
        {
            try
            {
                return new FileStream(path, mode, access, share);
            }
            catch (IOException fault) when (waited < Patience && fault is not (FileNotFoundException or DirectoryNotFoundException))
            {
                Thread.Sleep(Pause);
            }
        }
    }

    private static string TextOf(FileStream file)
    {
        var bytes = new byte[file.Length];
        var read = 0;
        while (read < bytes.Length && file.Read(bytes, read, bytes.Length - read) is > 0 and var count) read += count;
        return Encoding.UTF8.GetString(bytes, 0, read);
    }
}

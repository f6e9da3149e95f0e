using System.Globalization;
using Maestro.Engine.Model.Errors;
using Newtonsoft.Json;
using Newtonsoft.Json.Converters;

namespace Maestro.Engine.Fabrics.Simulation.World;

/// <summary>Keeps a lab's world in a folder: complete or as before, and in one process at a time.</summary>
internal sealed class LabFile : IDisposable
{
    private static readonly JsonSerializerSettings Settings = new()
    {
        Culture = CultureInfo.InvariantCulture,
        DateParseHandling = DateParseHandling.None,
        Formatting = Formatting.Indented,
        Converters = { new StringEnumConverter() },
    };

    private readonly object _gate = new();
    private readonly string _folder;
    private readonly string _path;
    private readonly FileStream _lock;
    private bool _disposed;

    private LabFile(string folder, FileStream held)
    {
        _folder = folder;
        _path = Path.Combine(folder, "world.json");
        _lock = held;
    }

    private string NextPath => _path + ".new";

    /// <exception cref="MaestroException"><c>Maestro.LabBusy</c>, <c>Maestro.StoreUnavailable</c>.</exception>
    public static LabFile Open(string folder)
    {
        var full = Path.GetFullPath(folder);
        try
        {
            Directory.CreateDirectory(full);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw Unavailable(full, fault);
        }

        try
        {
            return new LabFile(full, new FileStream(Path.Combine(full, "world.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException fault)
        {
            throw new MaestroException(ErrorCatalogue.LabBusy, $"The lab in {full} is open in another process or session. It was left alone.", full, innerException: fault);
        }
        catch (UnauthorizedAccessException fault)
        {
            throw Unavailable(full, fault);
        }
    }

    /// <summary>The world as it was kept last; null when none was kept yet.</summary>
    /// <exception cref="MaestroException"><c>Maestro.StoreDamaged</c>, <c>Maestro.StoreTooNew</c>, <c>Maestro.StoreUnavailable</c>.</exception>
    public LabState? Read()
    {
        try
        {
            if (File.Exists(_path)) return Read(_path);
        }
        catch (JsonException fault)
        {
            throw new MaestroException(ErrorCatalogue.StoreDamaged, $"The lab in {_folder} cannot be read: {fault.Message}", _folder, "Delete the folder to begin a new lab.", fault);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw Unavailable(_folder, fault);
        }

        try
        {
            // Where the system cannot replace in one go, a crash in between leaves the new file alone: complete, unless it was the very first.
            return File.Exists(NextPath) ? Read(NextPath) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Replaces the kept world. Does nothing once closed: it may be another's by then.</summary>
    /// <exception cref="MaestroException"><c>Maestro.StoreUnavailable</c>.</exception>
    public void Write(LabState state)
    {
        lock (_gate)
        {
            if (_disposed) return;
            try
            {
                using (var file = new FileStream(NextPath, FileMode.Create, FileAccess.Write))
                using (var writer = new StreamWriter(file))
                {
                    writer.Write(JsonConvert.SerializeObject(state, Settings));
                    writer.Flush();
                    file.Flush(flushToDisk: true);
                }

                // netstandard's Move does not replace; Replace wants the target to be there.
                if (File.Exists(_path)) File.Replace(NextPath, _path, null);
                else File.Move(NextPath, _path);
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                throw Unavailable(_folder, fault);
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            _lock.Dispose();
        }
    }

    private LabState Read(string path)
    {
        var state = JsonConvert.DeserializeObject<LabState>(File.ReadAllText(path), Settings) ?? throw new JsonSerializationException("The file is empty.");
        if (state.Version > LabState.CurrentVersion) throw new MaestroException(ErrorCatalogue.StoreTooNew, $"The lab in {_folder} was written by a newer Maestro.", _folder, "Use that version, or another -Path.");
        return state;
    }

    private static MaestroException Unavailable(string folder, Exception fault) =>
        new(ErrorCatalogue.StoreUnavailable, $"The lab's folder {folder} cannot be read or written: {fault.Message}", folder, "Check the path, its rights and the free space.", fault);
}

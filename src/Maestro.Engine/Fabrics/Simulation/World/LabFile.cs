using System.Globalization;
using Maestro.Engine.Model.Errors;
using Newtonsoft.Json;

namespace Maestro.Engine.Fabrics.Simulation.World;

/// <summary>Keeps a lab's world in a folder: complete or as before, and in one process at a time.</summary>
internal sealed class LabFile : IDisposable
{
    private static readonly JsonSerializerSettings Settings = new()
    {
        Culture = CultureInfo.InvariantCulture,
        Formatting = Formatting.Indented,
        Converters = { new Newtonsoft.Json.Converters.StringEnumConverter() },
    };

    private readonly string _path;
    private readonly FileStream _lock;

    private LabFile(string path, FileStream held)
    {
        _path = path;
        _lock = held;
    }

    /// <exception cref="MaestroException"><c>Maestro.LabBusy</c>.</exception>
    public static LabFile Open(string folder)
    {
        var full = Path.GetFullPath(folder);
        try
        {
            Directory.CreateDirectory(full);
            return new LabFile(Path.Combine(full, "world.json"), new FileStream(Path.Combine(full, "world.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException fault)
        {
            throw new MaestroException(ErrorCatalogue.LabBusy, $"The lab in {full} is open elsewhere.", full, innerException: fault);
        }
    }

    /// <summary>Null when no world was kept yet.</summary>
    public LabState? Read() => File.Exists(_path) ? JsonConvert.DeserializeObject<LabState>(File.ReadAllText(_path), Settings) : null;

    public void Write(LabState state)
    {
        var next = _path + ".new";
        using (var file = new FileStream(next, FileMode.Create, FileAccess.Write))
        using (var writer = new StreamWriter(file))
        {
            writer.Write(JsonConvert.SerializeObject(state, Settings));
            writer.Flush();
            file.Flush(flushToDisk: true);
        }

        // netstandard's Move does not replace; Replace wants the target to be there.
        if (File.Exists(_path)) File.Replace(next, _path, null);
        else File.Move(next, _path);
    }

    public void Dispose() => _lock.Dispose();
}

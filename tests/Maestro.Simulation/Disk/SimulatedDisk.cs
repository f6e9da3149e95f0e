using Maestro.Engine.Hosting;

namespace Maestro.Simulation.Disk;

/// <summary>
/// Files with a volatile cache above them. Power fails at a chosen write; what was synced by then is kept, and of every later write the dice
/// decide whether it reached the platter whole, in part, or not at all, in any order, as real disks do.
/// </summary>
internal sealed class SimulatedDisk
{
    private const int SectorSize = 512;

    private readonly Dictionary<string, SimulatedFile> _files = new(StringComparer.Ordinal);

    /// <summary>The write at which the power fails; null when it does not.</summary>
    public long? PowerFailsAt { get; set; }

    /// <summary>True for a disk that says "synced" and keeps it in its cache.</summary>
    public bool Lies { get; init; }

    /// <summary>Changes so far, over all files.</summary>
    public long Writes { get; private set; }

    public bool IsDark { get; private set; }

    public SimulatedFile Open(string name)
    {
        if (!_files.TryGetValue(name, out var file)) _files.Add(name, file = new SimulatedFile());
        return file;
    }

    public bool Exists(string name) => _files.ContainsKey(name);

    public void Delete(string name)
    {
        if (CountWrite()) _files.Remove(name);
    }

    /// <summary>False when the power is gone.</summary>
    public bool Write(SimulatedFile file, long offset, byte[] data)
    {
        if (!CountWrite()) return false;
        file.Write(offset, data);
        return true;
    }

    public bool Truncate(SimulatedFile file, long length)
    {
        if (!CountWrite()) return false;
        file.Truncate(length);
        return true;
    }

    public bool Sync(SimulatedFile file)
    {
        if (IsDark) return false;
        if (!Lies) file.Sync();
        return true;
    }

    /// <summary>The disk as it comes back after the power failed.</summary>
    public SimulatedDisk AfterPowerFailure(SeededRandom dice)
    {
        var disk = new SimulatedDisk();
        foreach (var (name, file) in _files.OrderBy(f => f.Key, StringComparer.Ordinal)) disk._files.Add(name, file.AfterPowerFailure(dice, SectorSize));
        return disk;
    }

    private bool CountWrite()
    {
        if (Writes == PowerFailsAt) IsDark = true;
        if (IsDark) return false;
        Writes++;
        return true;
    }
}

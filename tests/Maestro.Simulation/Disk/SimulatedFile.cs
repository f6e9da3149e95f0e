using Maestro.Engine.Hosting;

namespace Maestro.Simulation.Disk;

/// <summary>A file as its process sees it, and as it is on the platter.</summary>
internal sealed class SimulatedFile
{
    private readonly List<Change> _unsynced = [];
    private readonly SimulatedBytes _platter = new();

    private sealed record Change(long Offset, byte[]? Data);

    public SimulatedBytes Content { get; } = new();

    public void Write(long offset, byte[] data) => Apply(new Change(offset, data));

    public void Truncate(long length) => Apply(new Change(length, null));

    public void Sync()
    {
        foreach (var change in _unsynced) Apply(_platter, change);
        _unsynced.Clear();
    }

    public SimulatedFile AfterPowerFailure(SeededRandom dice, int sectorSize)
    {
        var file = new SimulatedFile();
        file._platter.Write(0, _platter.Span);
        foreach (var change in _unsynced)
        {
            if (dice.Next(3) == 0) continue;
            if (change.Data is not { } data)
            {
                Apply(file._platter, change);
                continue;
            }

            var isWhole = dice.Next(4) != 0;
            for (var at = 0; at < data.Length; at += sectorSize)
            {
                if (isWhole || dice.Next(2) == 0) file._platter.Write(change.Offset + at, data.AsSpan(at, Math.Min(sectorSize, data.Length - at)));
            }
        }

        file.Content.Write(0, file._platter.Span);
        return file;
    }

    private void Apply(Change change)
    {
        Apply(Content, change);
        _unsynced.Add(change);
    }

    private static void Apply(SimulatedBytes bytes, Change change)
    {
        if (change.Data is { } data) bytes.Write(change.Offset, data);
        else bytes.Truncate(change.Offset);
    }
}

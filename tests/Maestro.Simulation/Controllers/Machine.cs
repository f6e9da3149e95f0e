using System.Globalization;
using Maestro.Engine.Hosting;
using Maestro.Engine.Operations.Leases;
using Maestro.Engine.Store;
using Maestro.Simulation.Disk;
using Maestro.Simulation.Scenarios;

namespace Maestro.Simulation.Controllers;

/// <summary>A machine that controllers run on: its store and the disk under it, its boots, its table of processes.</summary>
internal sealed class Machine : IHostIdentity, IDisposable
{
    private readonly HashSet<int> _processes = [];
    private readonly TimeProvider _clock;
    private readonly SeededRandom _dice;
    private readonly string? _folder;
    private SimulatedVfs? _disk;
    private int _boots = 1;
    private int _lastProcess = 100;

    public Machine(int number, TimeProvider clock, DiskKind disk, SeededRandom dice)
    {
        Number = number;
        _clock = clock;
        _dice = dice;
        HasLyingDisk = disk == DiskKind.Lying;
        if (disk != DiskKind.None)
        {
            _disk = new SimulatedVfs(new SimulatedDisk { Lies = HasLyingDisk });
            // The anchor is a real file; in memory where the system has such a place.
            _folder = Directory.CreateDirectory(Path.Combine(Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath(), "maestro-simulation-" + Path.GetRandomFileName())).FullName;
        }

        Store = OpenStore();
    }

    public int Number { get; }

    public bool HasLyingDisk { get; }

    public bool HasDisk => _disk is not null;

    public SqliteStore Store { get; private set; }

    /// <summary>The power is gone, and nobody has noticed yet.</summary>
    public bool IsDark => _disk is { Disk.IsDark: true };

    /// <summary>Until when every write fails.</summary>
    public DateTimeOffset FullUntil { get; set; }

    /// <summary>The machine itself, as its store sees it: who asks is another matter.</summary>
    public LeaseOwner Self => Owner(0, "store");

    public bool? IsAlive(LeaseOwner owner) => owner.MachineId == Self.MachineId ? owner.BootId == Self.BootId && _processes.Contains(owner.ProcessId) : null;

    public LeaseOwner StartProcess(string user)
    {
        _processes.Add(++_lastProcess);
        return Owner(_lastProcess, user);
    }

    public void EndProcess(int id) => _processes.Remove(id);

    /// <summary>The power fails in the middle of that many writes from now.</summary>
    public void FailPowerAfter(int writes)
    {
        var disk = _disk!.Disk;
        disk.PowerFailsAt ??= disk.Writes + writes;
    }

    /// <summary>All processes are gone, and of the disk what the dice leave; the next boot has another id.</summary>
    /// <exception cref="Engine.Model.Errors.MaestroException"><c>StoreDamaged</c>: the store noticed a loss.</exception>
    public void Reboot()
    {
        _processes.Clear();
        _boots++;
        if (_disk is not { } before) return;
        Close();
        _disk = new SimulatedVfs(before.Disk.AfterPowerFailure(_dice));
        before.Dispose();
        Store = OpenStore();
    }

    public void Dispose()
    {
        Close();
        _disk?.Dispose();
        if (_folder is not null) Directory.Delete(_folder, recursive: true);
    }

    // Inline, so there is nothing to wait for.
    private void Close() => Store.DisposeAsync().AsTask().GetAwaiter().GetResult();

    private LeaseOwner Owner(int process, string user) => new()
    {
        MachineId = "machine-" + Number.ToString(CultureInfo.InvariantCulture),
        BootId = string.Create(CultureInfo.InvariantCulture, $"boot-{Number}-{_boots}"),
        ProcessId = process,
        ProcessStart = process.ToString(CultureInfo.InvariantCulture),
        Host = "jump" + Number.ToString(CultureInfo.InvariantCulture),
        User = user,
    };

    private SqliteStore OpenStore() => SqliteStore.Open(new SqliteStoreOptions
    {
        Path = _folder is null ? null : Path.Combine(_folder, "store.db"),
        Time = _clock,
        Identity = this,
        Inline = true,
        Vfs = _disk?.Name,
    });
}

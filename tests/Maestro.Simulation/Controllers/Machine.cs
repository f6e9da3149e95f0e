using Maestro.Engine.Operations.Leases;
using Maestro.Engine.Store;

namespace Maestro.Simulation.Controllers;

/// <summary>A machine that controllers run on: its store, its boots, its table of processes.</summary>
internal sealed class Machine : IHostIdentity, IDisposable
{
    private readonly HashSet<int> _processes = [];
    private readonly TimeProvider _clock;
    private int _boots = 1;
    private int _lastProcess = 100;

    public Machine(int number, TimeProvider clock)
    {
        Number = number;
        _clock = clock;
        Store = OpenStore();
    }

    public int Number { get; }

    public SqliteStore Store { get; private set; }

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

    /// <summary>All processes are gone; the next boot has another id.</summary>
    public void Reboot()
    {
        _processes.Clear();
        _boots++;
    }

    // Inline, so there is nothing to wait for.
    public void Dispose() => Store.DisposeAsync().AsTask().GetAwaiter().GetResult();

    private LeaseOwner Owner(int process, string user) => new()
    {
        MachineId = "machine-" + Number,
        BootId = $"boot-{Number}-{_boots}",
        ProcessId = process,
        ProcessStart = process.ToString(System.Globalization.CultureInfo.InvariantCulture),
        Host = "jump" + Number,
        User = user,
    };

    private SqliteStore OpenStore() => SqliteStore.Open(new SqliteStoreOptions { Time = _clock, Identity = this, Inline = true });
}

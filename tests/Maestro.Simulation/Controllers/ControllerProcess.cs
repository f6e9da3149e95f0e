using Maestro.Engine.Hosting;
using Maestro.Engine.Operations.Leases;
using Maestro.Simulation.Histories;
using Maestro.Simulation.Steering;

namespace Maestro.Simulation.Controllers;

/// <summary>
/// One life of a controller: an engine that may die at any call, and then none of its continuations ever resumes, or stand still, and then
/// all of them wait. Both are done at its edges: calls, timers and new work.
/// </summary>
internal sealed class ControllerProcess : IHostIdentity
{
    private readonly List<Action> _onDeath = [];
    private readonly List<(DateTimeOffset From, DateTimeOffset Until)> _pauses = [];
    private DateTimeOffset _pausedUntil;

    public ControllerProcess(History history, Machine machine, string name, int life)
    {
        History = history;
        Machine = machine;
        Name = name;
        Self = machine.StartProcess(name);
        Random = new SeededRandom((ulong)(uint)history.Scenario.Seed).Stream($"{name}/{life}");
        Clock = new ControllerClock(history.Scheduler.Clock, this);
        var store = new ControllerStore(machine, this);
        Host = new EngineHost(new EngineParts
        {
            Fabric = history.Steered is null ? new ControllerFabric(history.Fabric, this) : new SteeredFabric(history.Fabric, this, store),
            Store = store,
            Identity = this,
            Scheduler = new ControllerScheduler(history.Scheduler, this),
            Random = Random.Stream("engine"),
            Session = name,
        });
    }

    public History History { get; }

    public Machine Machine { get; }

    public string Name { get; }

    public LeaseOwner Self { get; }

    public SeededRandom Random { get; }

    public ControllerClock Clock { get; }

    public EngineHost Host { get; }

    public bool IsDead { get; private set; }

    public bool IsPaused => !IsDead && History.Now < _pausedUntil;

    public bool? IsAlive(LeaseOwner owner) => Machine.IsAlive(owner);

    /// <summary>Passes at once for who lives, after the pause for who stands still, and never for the dead.</summary>
    public async Task PassAsync()
    {
        while (IsPaused) await History.Scheduler.Clock.Delay(_pausedUntil - History.Now, CancellationToken.None);
        if (IsDead) await new TaskCompletionSource().Task;
    }

    public void Pause(TimeSpan time)
    {
        _pausedUntil = History.Now + time;
        _pauses.Add((History.Now, _pausedUntil));
        History.Steered?.Disturb(time);
    }

    /// <summary>Whether a pause of it overlaps with that time.</summary>
    public bool StoodStillIn(DateTimeOffset from, DateTimeOffset until) => _pauses.Exists(p => p.From <= until && p.Until >= from);

    public void Die()
    {
        if (IsDead) return;
        IsDead = true;
        Machine.EndProcess(Self.ProcessId);
        History.Steered?.Disturb();
        foreach (var told in _onDeath) told();
        _onDeath.Clear();
    }

    /// <summary>Runs a timer's callback as the process can: now, after its pause, or never.</summary>
    public void Fire(Action callback)
    {
        if (IsDead) return;
        if (IsPaused) History.Scheduler.Clock.CreateTimer(_ => Fire(callback), null, _pausedUntil - History.Now, Timeout.InfiniteTimeSpan);
        else callback();
    }

    /// <summary>Waits for the process to answer; null when it died first.</summary>
    public Task<Answer<T>?> OrDeathAsync<T>(Task<T> work)
    {
        if (IsDead) return Task.FromResult<Answer<T>?>(null);
        var first = new TaskCompletionSource<Answer<T>?>(TaskCreationOptions.RunContinuationsAsynchronously);
        _onDeath.Add(() => first.TrySetResult(null));
        WatchAsync();
        return first.Task;

        async void WatchAsync()
        {
            try
            {
                first.TrySetResult(new Answer<T>(await work, null));
            }
            catch (Exception fault)
            {
                first.TrySetResult(new Answer<T>(default, fault));
            }
        }
    }
}

/// <summary>What came of a piece of work: a value or a fault.</summary>
internal sealed record Answer<T>(T? Value, Exception? Fault);

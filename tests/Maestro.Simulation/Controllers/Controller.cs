using Maestro.Simulation.Histories;

namespace Maestro.Simulation.Controllers;

/// <summary>A place where a controller runs; when its process dies a new one is started there after a while.</summary>
internal sealed class Controller
{
    private readonly History _history;
    private int _lives;

    public Controller(History history, Machine machine, int number)
    {
        _history = history;
        Machine = machine;
        Name = "c" + number;
        Number = number;
        Process = new ControllerProcess(history, machine, Name, ++_lives);
        Watch();
    }

    public int Number { get; }

    public Machine Machine { get; }

    public string Name { get; }

    public ControllerProcess Process { get; private set; }

    /// <summary>Kills the process; the next one starts after <paramref name="back"/>.</summary>
    public void Kill(string why, TimeSpan back)
    {
        if (Process.IsDead) return;
        _history.Trace.Add($"{Name} dies: {why}");
        Process.Die();
        _history.Scheduler.Clock.CreateTimer(_ => Start(), null, back, Timeout.InfiniteTimeSpan);
    }

    private void Start()
    {
        Process = new ControllerProcess(_history, Machine, Name, ++_lives);
        _history.Trace.Add($"{Name} starts anew, as process {Process.Self.ProcessId}");
        Watch();
    }

    private void Watch()
    {
        if (Number <= _history.Scenario.Shape.Watches) _history.Watches?.Begin(Process);
    }
}

using Maestro.Engine.Clustering.Detection;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Monitoring;
using Maestro.Engine.Monitoring.Watch;
using Maestro.Simulation.Controllers;
using Maestro.Simulation.Histories;
using Maestro.Simulation.Invariants;

namespace Maestro.Simulation.Steering;

/// <summary>The watches as services: begun with the controller's process, and again a while after they have ended.</summary>
internal sealed class Watches(History history)
{
    private static readonly TimeSpan StartAgainAfter = TimeSpan.FromSeconds(5);

    private readonly List<(ControllerProcess Process, DateTimeOffset Since)> _begun = [];

    /// <summary>
    /// Four probes a second, so that a history is quick; whoever learns of his network needs fifteen seconds, and who was lost is believed again within two minutes at most:
    /// short enough that the end of a history sees it.
    /// </summary>
    public static DetectionPolicy Policy { get; } = new() { ProbeInterval = TimeSpan.FromMilliseconds(250), LearningRounds = 60, LongestRecoveryDelay = TimeSpan.FromMinutes(2), DampingMemory = TimeSpan.FromMinutes(10) };

    /// <summary>When a watch last gave nobody up though it was sure: too many at once.</summary>
    public DateTimeOffset WithheldAt { get; private set; }

    /// <summary>When a watch was last blind.</summary>
    public DateTimeOffset BlindAt { get; private set; }

    /// <summary>Whether a watch has lived for so long, and never stood still.</summary>
    public bool AnyHealthyFor(TimeSpan time) => _begun.Exists(w => !w.Process.IsDead && history.Now - w.Since >= time && !w.Process.StoodStillIn(history.Now - time, history.Now));

    public void Begin(ControllerProcess process)
    {
        if (process.IsDead) return;
        _begun.RemoveAll(w => w.Process.IsDead || w.Process == process);
        _begun.Add((process, history.Now));
        _ = RunAsync(process);
    }

    private async Task RunAsync(ControllerProcess process)
    {
        var groups = history.World.State.Groups.Select(g => g.Name).ToList();
        var options = new WatchOptions { AutoFailover = true, Source = "watch", Detection = Policy };
        var ended = await process.OrDeathAsync(EndAsync(process.Host.WatchAsync(groups, options, e => Hear(process, e), CancellationToken.None)));
        if (ended is null) return;
        if (ended.Fault is not MaestroException fault)
        {
            history.Break(new InvariantBrokenException("Known errors", $"a watch on {process.Name} ended: {ended.Fault?.GetType().Name} {ended.Fault?.Message} at {ended.Fault?.StackTrace?.Split('\n').FirstOrDefault()?.Trim()}"));
            return;
        }

        history.Trace.Add($"{process.Name} watch: {fault.Code.Id} {fault.Message}");
        process.Clock.CreateTimer(_ => Begin(process), null, StartAgainAfter, Timeout.InfiniteTimeSpan);
    }

    private static async Task<bool> EndAsync(Task watch)
    {
        await watch;
        return true;
    }

    private void Hear(ControllerProcess process, MaestroEvent said)
    {
        if (said.Kind is MaestroEventKind.FailoverWithheld) WithheldAt = history.Now;
        if (said.Kind is MaestroEventKind.Blind) BlindAt = history.Now;
        history.Trace.Add($"{process.Name} watch {said.Kind} {said.SecurityGroup} {said.Member}: {said.Text}");
    }
}

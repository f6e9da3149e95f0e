using Maestro.Engine.Model.Monitoring;
using Maestro.Engine.Monitoring.Watch;
using Maestro.Engine.Tests.Fabrics.Linux.Distribution;

namespace Maestro.Engine.Tests.Fabrics.Linux.Watch;

/// <summary>A watch of the group of a bed, and what it has said.</summary>
internal sealed class Watching : IAsyncDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly List<MaestroEvent> _events = [];
    private Task _running = Task.CompletedTask;

    private Watching()
    {
    }

    public IReadOnlyList<MaestroEvent> Events
    {
        get
        {
            lock (_events) return [.. _events];
        }
    }

    public static Watching Begin(SteeredBed steered, bool autoFailover = true)
    {
        var watching = new Watching();
        watching._running = steered.Session.Host.WatchAsync(["dmz"], new WatchOptions { AutoFailover = autoFailover, Detection = Victim.Verbs.WatchVerb.Sooner(new WatchOptions()) }, watching.Hear, watching._end.Token);
        return watching;
    }

    /// <summary>The first of that kind.</summary>
    public async Task<MaestroEvent> UntilAsync(MaestroEventKind kind)
    {
        for (var began = DateTimeOffset.UtcNow; ; await Task.Delay(20))
        {
            if (Events.FirstOrDefault(e => e.Kind == kind) is { } found) return found;
            if (_running.IsCompleted) await _running;
            Assert.True(DateTimeOffset.UtcNow - began < TimeSpan.FromMinutes(2), $"no {kind}:\n{string.Join("\n", Events)}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _running;
        _end.Dispose();
    }

    private void Hear(MaestroEvent happened)
    {
        lock (_events) _events.Add(happened);
    }
}

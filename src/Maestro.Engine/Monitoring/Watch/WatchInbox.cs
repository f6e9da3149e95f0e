using Maestro.Engine.Fabrics;

namespace Maestro.Engine.Monitoring.Watch;

/// <summary>Where sightings wait that come from threads of their own. Safe to use from any thread.</summary>
internal sealed class WatchInbox
{
    private readonly object _gate = new();
    private readonly Queue<(Sighting, TimeSpan)> _waiting = new();
    private TaskCompletionSource<bool> _signal = New();

    /// <summary>A sighting and whose members it is about.</summary>
    internal sealed record Sighting(SightJudge For, MemberSighting What);

    /// <summary>Completes when something waits.</summary>
    public Task Signal
    {
        get
        {
            lock (_gate) return _signal.Task;
        }
    }

    public void Put(SightJudge judge, MemberSighting what, TimeSpan at)
    {
        lock (_gate)
        {
            _waiting.Enqueue((new Sighting(judge, what), at));
            _signal.TrySetResult(true);
        }
    }

    /// <summary>What waits, with the time at which it came, in order.</summary>
    public IReadOnlyList<(Sighting, TimeSpan)> Take()
    {
        lock (_gate)
        {
            var taken = _waiting.ToArray();
            _waiting.Clear();
            if (_signal.Task.IsCompleted) _signal = New();
            return taken;
        }
    }

    public void Clear() => Take();

    private static TaskCompletionSource<bool> New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

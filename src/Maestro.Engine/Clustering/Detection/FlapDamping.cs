namespace Maestro.Engine.Clustering.Detection;

/// <summary>How long a member that was lost must answer before it is believed: the longer the more often it was lost (the idea of RFC 2439, route flap damping).</summary>
internal sealed class FlapDamping(DetectionPolicy policy)
{
    private readonly Queue<TimeSpan> _losses = new();

    public void Lost(TimeSpan now) => _losses.Enqueue(now);

    public TimeSpan RecoveryDelay(TimeSpan now)
    {
        while (_losses.Count > 0 && now - _losses.Peek() > policy.DampingMemory) _losses.Dequeue();
        var delay = policy.RecoveryDelay;
        for (var i = 1; i < _losses.Count && delay < policy.LongestRecoveryDelay; i++) delay += delay;
        return delay < policy.LongestRecoveryDelay ? delay : policy.LongestRecoveryDelay;
    }
}

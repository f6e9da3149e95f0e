namespace Maestro.Fabrics.Contract.Store;

/// <summary>A clock that a test moves: the wall clock and the monotonic one apart, as when somebody sets the time.</summary>
public sealed class ManualTime : TimeProvider
{
    private DateTimeOffset _wall = new(2026, 3, 1, 8, 0, 0, TimeSpan.Zero);
    private long _monotonicTicks = TimeSpan.FromDays(3).Ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => _wall;

    public override long GetTimestamp() => Interlocked.Read(ref _monotonicTicks);

    /// <summary>Time passes.</summary>
    public void Pass(TimeSpan time)
    {
        _wall += time;
        Interlocked.Add(ref _monotonicTicks, time.Ticks);
    }

    /// <summary>Somebody sets the clock; no time passes.</summary>
    public void SetClock(TimeSpan by) => _wall += by;
}

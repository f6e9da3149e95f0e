namespace Maestro.Engine.Fabrics.Simulation.Time;

/// <summary>
/// A clock that stands until it is moved. Timers are due in order of time, then of their making, so that one seed is one history.
/// </summary>
internal sealed class VirtualTimeProvider(DateTimeOffset start) : TimeProvider
{
    public static readonly DateTimeOffset Epoch = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly object _gate = new();
    private readonly SortedSet<VirtualTimer> _due = new(Comparer<VirtualTimer>.Create((a, b) => a.DueTicks != b.DueTicks ? a.DueTicks.CompareTo(b.DueTicks) : a.Number.CompareTo(b.Number)));
    private long _ticks;
    private long _number;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <summary>Ticks since the start.</summary>
    public long Elapsed
    {
        get
        {
            lock (_gate) return _ticks;
        }
    }

    /// <summary>When the next timer is due; null when there is none.</summary>
    public long? NextDue
    {
        get
        {
            lock (_gate) return _due.Min?.DueTicks;
        }
    }

    public override DateTimeOffset GetUtcNow() => start.AddTicks(Elapsed);

    // Counted from the year one, so that a world that is loaded again never sees its monotonic clock go back.
    public override long GetTimestamp() => start.UtcTicks + Elapsed;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        lock (_gate)
        {
            var timer = new VirtualTimer(this, callback, state, ++_number);
            timer.Change(dueTime, period);
            return timer;
        }
    }

    /// <summary>Moves to <paramref name="ticks"/> at most, and takes the callback of the next timer that is due by then; null when none is.</summary>
    public Action? AdvanceTo(long ticks)
    {
        lock (_gate)
        {
            if (_due.Min is { } next && next.DueTicks <= ticks)
            {
                _due.Remove(next);
                _ticks = Math.Max(_ticks, next.DueTicks);
                next.Rearm_NeedsLock(_ticks);
                return next.Fire;
            }

            _ticks = Math.Max(_ticks, ticks);
            return null;
        }
    }

    private sealed class VirtualTimer(VirtualTimeProvider owner, TimerCallback callback, object? state, long number) : ITimer
    {
        private TimeSpan _period = Timeout.InfiniteTimeSpan;
        private bool _disposed;

        public long Number { get; } = number;

        public long DueTicks { get; private set; }

        public void Fire() => callback(state);

        public void Rearm_NeedsLock(long now)
        {
            if (_disposed || _period == Timeout.InfiniteTimeSpan || _period == TimeSpan.Zero) return;
            DueTicks = now + _period.Ticks;
            owner._due.Add(this);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (owner._gate)
            {
                if (_disposed) return false;
                owner._due.Remove(this);
                _period = period;
                if (dueTime == Timeout.InfiniteTimeSpan) return true;
                DueTicks = owner._ticks + dueTime.Ticks;
                owner._due.Add(this);
                return true;
            }
        }

        public void Dispose()
        {
            lock (owner._gate)
            {
                _disposed = true;
                owner._due.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }
}

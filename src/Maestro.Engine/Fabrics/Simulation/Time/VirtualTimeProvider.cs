namespace Maestro.Engine.Fabrics.Simulation.Time;

/// <summary>
/// A clock that stands until it is moved. Timers are due in order of time, then of their making, so that one seed is one history.
/// </summary>
internal sealed class VirtualTimeProvider(DateTimeOffset start) : TimeProvider
{
    /// <summary>The first moment of a new world.</summary>
    public static readonly DateTimeOffset Epoch = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly object _gate = new();
    private readonly SortedSet<VirtualTimer> _due = new(VirtualTimer.ByDueThenNumber);
    private long _ticks;
    private long _lastNumber;

    /// <summary>Called when a timer was set, outside the clock's lock and on the thread that set it.</summary>
    public Action? TimerSet { get; set; }

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

    /// <summary>When the next timer is due, in ticks since the start; null when there is none.</summary>
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
        if (callback is null) throw new ArgumentNullException(nameof(callback));
        VirtualTimer timer;
        lock (_gate) timer = new VirtualTimer(this, callback, state, ++_lastNumber);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>
    /// Moves to the next timer that is due by <paramref name="ticks"/> and takes its callback, for the caller to run. When none is, moves to
    /// <paramref name="ticks"/> and answers null. Never goes back.
    /// </summary>
    public Action? AdvanceTo(long ticks)
    {
        lock (_gate)
        {
            if (_due.Min is { } next && next.DueTicks <= ticks)
            {
                _due.Remove(next);
                _ticks = Math.Max(_ticks, next.DueTicks);
                next.Rearm_NeedsLock();
                return next.Fire;
            }

            _ticks = Math.Max(_ticks, ticks);
            return null;
        }
    }

    /// <summary>Moves towards <paramref name="ticks"/>, but not past a timer.</summary>
    public void DriftTo(long ticks)
    {
        lock (_gate) _ticks = Math.Max(_ticks, Math.Min(ticks, _due.Min?.DueTicks ?? ticks));
    }

    private sealed class VirtualTimer(VirtualTimeProvider owner, TimerCallback callback, object? state, long number) : ITimer
    {
        public static readonly IComparer<VirtualTimer> ByDueThenNumber = Comparer<VirtualTimer>.Create((a, b) =>
            a.DueTicks != b.DueTicks ? a.DueTicks.CompareTo(b.DueTicks) : a.Number.CompareTo(b.Number));

        private TimeSpan _period = Timeout.InfiniteTimeSpan;
        private bool _disposed;

        public long DueTicks { get; private set; }

        private long Number { get; } = number;

        public void Fire() => callback(state);

        public void Rearm_NeedsLock()
        {
            if (_disposed || _period == Timeout.InfiniteTimeSpan || _period == TimeSpan.Zero) return;
            DueTicks = Later(owner._ticks, _period);
            owner._due.Add(this);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            Require(dueTime, nameof(dueTime));
            Require(period, nameof(period));
            lock (owner._gate)
            {
                if (_disposed) return false;
                owner._due.Remove(this);
                _period = period;
                if (dueTime == Timeout.InfiniteTimeSpan) return true;
                DueTicks = Later(owner._ticks, dueTime);
                owner._due.Add(this);
            }

            owner.TimerSet?.Invoke();
            return true;
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

        private static long Later(long now, TimeSpan by) => by.Ticks > long.MaxValue - now ? long.MaxValue : now + by.Ticks;

        private static void Require(TimeSpan time, string name)
        {
            if (time < TimeSpan.Zero && time != Timeout.InfiniteTimeSpan) throw new ArgumentOutOfRangeException(name, time, "A time to wait is zero or more, or infinite.");
        }
    }
}

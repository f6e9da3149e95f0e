namespace Maestro.Engine.Fabrics.Simulation.Time;

/// <summary>Ties virtual time to real time: so many virtual seconds a real second, counted from when work began.</summary>
internal sealed class Pace
{
    private readonly double _speed;
    private readonly TimeProvider _real;
    private long _realStart;
    private long _virtualStart;

    /// <param name="speed">Virtual seconds a real second, more than 0.</param>
    /// <param name="real">The real clock.</param>
    public Pace(double speed, TimeProvider real)
    {
        if (!(speed > 0) || double.IsInfinity(speed)) throw new ArgumentOutOfRangeException(nameof(speed), speed, "A speed is more than 0.");
        _speed = speed;
        _real = real;
        _realStart = real.GetTimestamp();
    }

    /// <summary>The virtual moment that real time has come to, in ticks.</summary>
    public long VirtualNow => _virtualStart + (long)Math.Min(_real.GetElapsedTime(_realStart).Ticks * _speed, long.MaxValue / 2);

    /// <summary>Counts from here: while nobody worked, virtual time stood still.</summary>
    public void Restart(long virtualTicks)
    {
        _realStart = _real.GetTimestamp();
        _virtualStart = virtualTicks;
    }

    /// <summary>How long to wait until a virtual moment has come; zero when it has.</summary>
    public TimeSpan RealTimeUntil(long virtualTicks)
    {
        var left = Math.Ceiling((virtualTicks - VirtualNow) / _speed);
        return left <= 0 ? TimeSpan.Zero : TimeSpan.FromTicks((long)Math.Min(left, TimeSpan.TicksPerDay));
    }
}

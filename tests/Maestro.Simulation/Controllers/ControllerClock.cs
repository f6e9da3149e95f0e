namespace Maestro.Simulation.Controllers;

/// <summary>A process's view of time: the wall clock may jump, the monotonic one does not; timers fire as the process can.</summary>
internal sealed class ControllerClock(TimeProvider world, ControllerProcess process) : TimeProvider
{
    /// <summary>How far the wall clock is off.</summary>
    public TimeSpan Offset { get; set; }

    public override long TimestampFrequency => world.TimestampFrequency;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override DateTimeOffset GetUtcNow() => world.GetUtcNow() + Offset;

    public override long GetTimestamp() => world.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        world.CreateTimer(_ => process.Fire(() => callback(state)), null, dueTime, period);
}

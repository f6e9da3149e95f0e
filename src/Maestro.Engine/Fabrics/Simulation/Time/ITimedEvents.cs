namespace Maestro.Engine.Fabrics.Simulation.Time;

/// <summary>A source of events that are no timers: so many that none may cost more than itself.</summary>
internal interface ITimedEvents
{
    /// <summary>When the next one is due, in ticks since the clock's start; <see cref="long.MaxValue"/> when there is none.</summary>
    long NextDue { get; }

    /// <summary>The next one happens. The clock stands at its moment.</summary>
    void Fire();
}

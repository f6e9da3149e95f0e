using Maestro.Engine.Hosting;

namespace Maestro.Simulation.Traffic;

/// <summary>
/// When connections come and how long they live. They come as a Poisson process whose rate follows the hour, drawn by thinning (Lewis and
/// Shedler, "Simulation of nonhomogeneous Poisson processes by thinning", 1979). Their lengths are bounded Pareto with index 1.1, the law and
/// the index with which Harchol-Balter, Crovella and Murta ("On choosing a task assignment policy for a distributed server system", 1999)
/// describe what crosses a network; Crovella and Bestavros ("Self-similarity in World Wide Web traffic", 1997) measured about that tail.
/// </summary>
/// <remarks>The rates are ours: enough that a history has 70,000 events an hour whatever its size.</remarks>
internal sealed class Demand
{
    /// <summary>Everybody's part of a group's arrivals a second, and what each member adds.</summary>
    private const double ArrivalsOfGroup = 8.5, ArrivalsOfMember = 0.05;

    private const double Index = 1.1, ShortestSeconds = 1.5, LongestSeconds = 4 * 3600;

    // Share of the mean, hour by hour of an office's day.
    private static readonly double[] Day = [0.84, 0.82, 0.82, 0.82, 0.83, 0.85, 0.90, 1.00, 1.10, 1.16, 1.18, 1.17, 1.12, 1.14, 1.18, 1.16, 1.12, 1.06, 1.02, 1.00, 0.98, 0.95, 0.91, 0.87];

    private static readonly double Peak = Day.Max();
    private static readonly double BelowLongest = 1 - Math.Pow(ShortestSeconds / LongestSeconds, Index);

    private readonly SeededRandom _random;
    private readonly long _startsAt;

    public Demand(SeededRandom random)
    {
        _random = random;
        _startsAt = random.Next(Day.Length * 60) * TimeSpan.TicksPerMinute;
    }

    /// <summary>The next arrival after <paramref name="now"/>, both in ticks.</summary>
    public long NextArrival(long now, int members)
    {
        var ticks = TimeSpan.TicksPerSecond / ((ArrivalsOfGroup + (ArrivalsOfMember * members)) * Peak);
        do now += 1 + (long)(-Math.Log(1 - _random.NextDouble()) * ticks);
        while (_random.NextDouble() * Peak >= ShareAt(now));
        return now;
    }

    /// <summary>How long one lives, in ticks.</summary>
    public long NextLength() => (long)(ShortestSeconds * TimeSpan.TicksPerSecond * Math.Pow(1 - (_random.NextDouble() * BelowLongest), -1 / Index));

    /// <summary>Addresses and ports, which the distribution goes by.</summary>
    public uint NextTuple() => (uint)(_random.NextUInt64() >> 32);

    private double ShareAt(long now)
    {
        var (hour, into) = Math.DivRem(now + _startsAt, TimeSpan.TicksPerHour);
        var (from, to) = (Day[hour % Day.Length], Day[(hour + 1) % Day.Length]);
        return from + ((to - from) * into / TimeSpan.TicksPerHour);
    }
}

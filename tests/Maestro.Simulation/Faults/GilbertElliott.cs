using Maestro.Engine.Hosting;

namespace Maestro.Simulation.Faults;

/// <summary>
/// Loss that comes in bursts: a channel that is good or bad, changes by chance at each message, and loses with a rate of its own in either
/// state (Gilbert, "Capacity of a burst-noise channel", 1960; Elliott, "Estimates of error rates for codes on burst-noise channels", 1963).
/// </summary>
internal sealed class GilbertElliott(SeededRandom random)
{
    // Bursts of four messages on average, one in twenty messages begins one.
    private const double GoodToBad = 0.05, BadToGood = 0.25, LossInGood = 0.005, LossInBad = 0.7;

    private bool _isBad;

    /// <summary>Whether the next message is lost.</summary>
    public bool LosesNext()
    {
        if (random.NextDouble() < (_isBad ? BadToGood : GoodToBad)) _isBad = !_isBad;
        return random.NextDouble() < (_isBad ? LossInBad : LossInGood);
    }
}

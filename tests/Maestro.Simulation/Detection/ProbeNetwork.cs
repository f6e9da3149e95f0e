using Maestro.Engine.Hosting;

namespace Maestro.Simulation.Detection;

/// <summary>How probes are lost between observers and members.</summary>
internal enum ProbeLoss
{
    /// <summary>Each by itself, one in a hundred.</summary>
    Independent,

    /// <summary>In bursts of four on average, one probe in twenty begins one.</summary>
    Bursty,
}

/// <summary>What lies between the observers and the members: each pair is a channel of its own.</summary>
internal sealed class ProbeNetwork(SeededRandom random, int observers, int members)
{
    // As Faults/GilbertElliott has it; here it is asked thousands of times in a virtual second.
    private const double GoodToBad = 0.05, BadToGood = 0.25, LossInGood = 0.005, LossInBad = 0.7, Single = 0.01;

    private readonly bool[] _isBad = new bool[observers * members];
    private readonly ProbeLoss[] _loss = new ProbeLoss[observers];

    public void Set(int observer, ProbeLoss loss) => _loss[observer] = loss;

    public ProbeLoss LossOf(int observer) => _loss[observer];

    /// <summary>Whether the next probe, or its answer, is lost.</summary>
    public bool LosesNext(int observer, int member)
    {
        if (_loss[observer] == ProbeLoss.Independent) return random.NextDouble() < Single;
        ref var isBad = ref _isBad[(observer * members) + member];
        if (random.NextDouble() < (isBad ? BadToGood : GoodToBad)) isBad = !isBad;
        return random.NextDouble() < (isBad ? LossInBad : LossInGood);
    }
}

using Maestro.Engine.Hosting;
using Maestro.Simulation.Faults;

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
    private const double Single = 0.01;

    private readonly GilbertElliott[] _channels = [.. Enumerable.Range(0, observers * members).Select(_ => new GilbertElliott(random))];
    private readonly ProbeLoss[] _loss = new ProbeLoss[observers];

    public void Set(int observer, ProbeLoss loss) => _loss[observer] = loss;

    /// <summary>Whether the next probe, or its answer, is lost.</summary>
    public bool LosesNext(int observer, int member) =>
        _loss[observer] == ProbeLoss.Independent ? random.NextDouble() < Single : _channels[(observer * members) + member].LosesNext();
}

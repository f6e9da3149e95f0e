namespace Maestro.Engine.Clustering.Detection;

/// <summary>How probes are lost between one observer and one member, or all: the chance of a loss after an answer, and of one after a loss (Gilbert, "Capacity of a burst-noise channel", 1960).</summary>
/// <param name="belief">What is known of similar ways, before this one has been seen; null for what most networks are like.</param>
internal sealed class LossModel(LossModel? belief = null)
{
    // A hundredth is lost, and after a loss a little more. As many probes weigh as much as this, or as the belief.
    private const double UsualFirst = 0.01, UsualNext = 0.03, FirstWeight = 100, NextWeight = 20;

    // Whoever lost nothing for long must not be condemned by a few lost probes in its first bad minute.
    private const double Least = 0.01;

    // Ten minutes of 50 ms.
    private const double Memory = 12_000;

    private double _firstLost, _firstAsked, _nextLost, _nextAsked;

    /// <summary>The chance that a probe after an answered one gets no answer.</summary>
    public double First => Math.Max(Least, (_firstLost + ((belief?.First ?? UsualFirst) * FirstWeight)) / (_firstAsked + FirstWeight));

    /// <summary>The chance that a probe after a lost one gets no answer either.</summary>
    public double Next => Math.Max(Least, (_nextLost + ((belief?.Next ?? UsualNext) * NextWeight)) / (_nextAsked + NextWeight));

    /// <summary>So many got no answer, and then one did.</summary>
    public void Learn(int lost)
    {
        belief?.Learn(lost);
        _firstAsked++;
        if (lost > 0)
        {
            _firstLost++;
            _firstAsked++;
            _nextLost += lost - 1;
            _nextAsked += lost;
        }

        if (_firstAsked > Memory) Fade();
    }

    private void Fade()
    {
        _firstLost /= 2;
        _firstAsked /= 2;
        _nextLost /= 2;
        _nextAsked /= 2;
    }
}

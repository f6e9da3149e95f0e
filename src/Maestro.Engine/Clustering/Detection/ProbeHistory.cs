namespace Maestro.Engine.Clustering.Detection;

/// <summary>
/// What one observer's probes of one member came to, and how improbable their silence is while the member lives: an accrual detector (Hayashibara, Défago,
/// Yared and Katayama, "The phi accrual failure detector", 2004). Where losses come in bursts the second of a burst says little, and more are needed.
/// </summary>
/// <param name="network">What is known of the observer's ways to all members.</param>
/// <param name="limit">Of a silence more improbable than this nothing is learned: it was hardly the network's.</param>
internal sealed class ProbeHistory(LossModel network, double limit)
{
    private readonly LossModel _way = new(network);
    private bool _isDoubted;

    /// <summary>Probes without an answer since the last that had one.</summary>
    public int Silent { get; private set; }

    /// <summary>The negative power of ten of the chance that a living member is silent so long; 0 when it has just answered.</summary>
    public double Suspicion { get; private set; }

    /// <summary>Whether it was ever heard here. Who never was may have no way to answer.</summary>
    public bool HasAnswered { get; private set; }

    public void Answered()
    {
        HasAnswered = true;
        if (!_isDoubted && Suspicion < limit) _way.Learn(Silent);
        Forget();
    }

    public void Unanswered()
    {
        Suspicion -= Math.Log10(Silent == 0 ? _way.First : _way.Next);
        Silent++;
    }

    /// <summary>This silence is taken for the member's own: nothing is learned of the network from it.</summary>
    public void Doubt() => _isDoubted = true;

    /// <summary>Nobody knows whose the silence was.</summary>
    public void Forget() => (Silent, Suspicion, _isDoubted) = (0, 0, false);
}

namespace Maestro.Engine.Clustering.Detection;

/// <summary>
/// One who probes, and whether it can be believed: who is slow distrusts itself (Dadgar, Phillips and Currey, "Lifeguard: local health awareness for more
/// accurate failure detection", 2018).
/// </summary>
internal sealed class Observer
{
    private readonly DetectionPolicy _policy;
    private TimeSpan _reportedAt;
    private int _rounds, _roundsInTime;

    public Observer(string name, int members, DetectionPolicy policy)
    {
        var network = new LossModel();
        (Name, _policy) = (name, policy);
        Members = [.. Enumerable.Range(0, members).Select(_ => new ProbeHistory(network, policy.Threshold))];
    }

    public string Name { get; }

    public ProbeHistory[] Members { get; }

    /// <summary>Its own link is taken to be broken: it hears few of those whom others hear.</summary>
    public bool IsCutOff { get; private set; }

    /// <param name="round">What it says.</param>
    /// <param name="now">When it came.</param>
    /// <returns>Whether the round says anything of now.</returns>
    public bool Report(ProbeRound round, TimeSpan now)
    {
        var isLate = round.Late > _policy.Patience || (_roundsInTime > 0 && now - _reportedAt > _policy.Patience);
        // Rounds that come at once lay in a queue: they tell of a time that has passed, and are no sign that it is in time again.
        if (!isLate && _rounds > 0 && now - _reportedAt < TimeSpan.FromTicks(_policy.ProbeInterval.Ticks / 2)) return false;
        _reportedAt = now;
        if (isLate)
        {
            BeginAnew();
            return false;
        }

        _rounds++;
        _roundsInTime++;
        for (var i = 0; i < Members.Length; i++)
        {
            if (!round.Answered[i]) Members[i].Unanswered();
            else if (IsCutOff) Members[i].Forget();
            else Members[i].Answered();
        }

        return true;
    }

    /// <summary>All that it has not heard meanwhile says nothing.</summary>
    public void BeginAnew()
    {
        _roundsInTime = 0;
        foreach (var member in Members) member.Forget();
    }

    public bool IsTrusted(TimeSpan now) => !IsCutOff && _roundsInTime >= _policy.WarmUpRounds && _rounds >= _policy.LearningRounds && now - _reportedAt <= _policy.Patience;

    public void CutOff() => IsCutOff = true;

    /// <summary>It hears again, and is trusted once it has done so for a while.</summary>
    public void HearsAgain()
    {
        IsCutOff = false;
        BeginAnew();
    }
}

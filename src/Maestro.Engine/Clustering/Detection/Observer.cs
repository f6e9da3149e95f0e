namespace Maestro.Engine.Clustering.Detection;

/// <summary>
/// One who probes, and whether it can be believed: who is slow distrusts itself (Dadgar, Phillips and Currey, "Lifeguard: local health awareness for more
/// accurate failure detection", 2018).
/// </summary>
internal sealed class Observer
{
    private readonly DetectionPolicy _policy;
    private readonly LossModel _network;
    private TimeSpan _reportedAt;
    private int _rounds, _roundsInTime;

    public Observer(string name, int members, DetectionPolicy policy)
    {
        (Name, _policy, _network) = (name, policy, new LossModel());
        Members = [.. Enumerable.Range(0, members).Select(_ => new ProbeHistory(_network, policy.Threshold))];
    }

    private Observer(Observer before, IEnumerable<int> members)
    {
        (Name, _policy, _network, _rounds, _reportedAt, IsCutOff) = (before.Name, before._policy, before._network, before._rounds, before._reportedAt, before.IsCutOff);
        Members = [.. members.Select(i => i < 0 ? new ProbeHistory(_network, _policy.Threshold) : before.Members[i])];
        BeginAnew();
    }

    public string Name { get; }

    public ProbeHistory[] Members { get; }

    /// <summary>Its own link is taken to be broken: it hears few of those whom others hear.</summary>
    public bool IsCutOff { get; private set; }

    /// <summary>The same one from now on with other members: it knows its network, and is trusted once it has made its rounds in time for a while.</summary>
    /// <param name="members">For each, its place among the members before; -1 for one that was none.</param>
    public Observer With(IEnumerable<int> members) => new(this, members);

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

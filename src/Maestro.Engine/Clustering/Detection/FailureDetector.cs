using System.Globalization;
using Maestro.Engine.Model.Groups;

namespace Maestro.Engine.Clustering.Detection;

/// <summary>
/// Judges which members of one group are lost, from what several observers say of their probes. It has no clock and sends nothing: rounds go in with the time
/// at which they came, conclusions come out. Not thread-safe.
/// </summary>
/// <remarks>
/// A member is lost when a quorum of observers suspects it and their silence together is too improbable. Those that are about to be lost are waited for, so
/// that what breaks at once is one event (after the multi-node cut detection of Suresh, Malkhi, Gopalan, Carreiro and Lokhandwala, "Stable and consistent
/// membership at scale with Rapid", 2018).
/// </remarks>
internal sealed class FailureDetector
{
    private readonly DetectionPolicy _policy;
    private readonly MemberId[] _members;
    private readonly Observer[] _observers;
    private readonly FlapDamping[] _damping;
    private readonly FailoverBudget _budget;
    private readonly bool[] _isLost;

    // Since when a lost member is heard by a quorum; null while it is not.
    private readonly TimeSpan?[] _heardSince;
    private readonly List<int> _condemned = [];
    private readonly List<DetectionEvent> _events = [];
    private TimeSpan? _condemnedSince;
    private IReadOnlyList<int> _withheld = [];
    private TimeSpan _now;
    private bool _hasBegun, _isBlind = true;

    /// <param name="policy">How sure to be.</param>
    /// <param name="members">Whom it judges, in the order of the rounds' answers.</param>
    /// <param name="observers">Who probes, by name.</param>
    public FailureDetector(DetectionPolicy policy, IEnumerable<MemberId> members, IEnumerable<string> observers)
    {
        _policy = policy;
        _members = [.. members];
        _observers = [.. observers.Select(o => new Observer(o, _members.Length, policy))];
        _damping = [.. _members.Select(_ => new FlapDamping(policy))];
        _budget = new FailoverBudget(policy);
        _isLost = new bool[_members.Length];
        _heardSince = new TimeSpan?[_members.Length];
    }

    private FailureDetector(FailureDetector before, IEnumerable<MemberId> members, Func<MemberId, bool> stays)
    {
        _policy = before._policy;
        _members = [.. members];
        int[] places = [.. _members.Select(m => stays(m) ? Array.IndexOf(before._members, m) : -1)];
        _observers = [.. before._observers.Select(o => o.With(places))];
        _damping = [.. places.Select(i => i < 0 ? new FlapDamping(_policy) : before._damping[i])];
        _budget = before._budget;
        _isLost = [.. places.Select(i => i >= 0 && before._isLost[i])];
        _heardSince = new TimeSpan?[_members.Length];
        (_now, _hasBegun, _isBlind) = (before._now, before._hasBegun, before._isBlind);
    }

    /// <summary>Pairs of an observer that can be trusted and a member that it has never heard, while another observer has.</summary>
    public IReadOnlyList<(string Observer, MemberId Member)> Deaf => [.. _observers.Where(o => o.IsTrusted(_now)).SelectMany(o => Enumerable.Range(0, _members.Length).Where(i => IsDeafTo(o, i)).Select(i => (o.Name, _members[i])))];

    public IReadOnlyList<MemberId> Lost => [.. _members.Where((_, i) => _isLost[i])];

    /// <summary>Those of the lost of whom no quorum says now that they are silent: they answer, though not for long enough yet to believe in them, or nobody can tell since those who probe stood still.</summary>
    public IReadOnlyList<MemberId> Heard => [.. _members.Where((_, i) => _isLost[i] && Weigh(i).Suspecting < _policy.Quorum)];

    /// <summary>One that goes on with other members: what is known of the network and of those that stay is not forgotten, nor who is lost.</summary>
    /// <param name="members">Whom it judges from now on, in the order of the rounds' answers.</param>
    /// <param name="stays">Whether a member of that id is still the same one.</param>
    public FailureDetector With(IEnumerable<MemberId> members, Func<MemberId, bool> stays) => new(this, members, stays);

    /// <summary>Takes what an observer says, and concludes.</summary>
    /// <param name="round">What it says.</param>
    /// <param name="now">When it came, on a monotonic clock of whoever judges.</param>
    /// <returns>What follows, in order; valid until the next call.</returns>
    public IReadOnlyList<DetectionEvent> Report(ProbeRound round, TimeSpan now)
    {
        _events.Clear();
        // Who judges may have stood still itself: what lies in its queues then tells of no time that it knows.
        if (_hasBegun && now - _now > _policy.Patience)
        {
            foreach (var observer in _observers) observer.BeginAnew();
            _condemnedSince = null;
            Array.Clear(_heardSince, 0, _heardSince.Length);
        }

        (_now, _hasBegun) = (now, true);
        if (_observers[round.Observer].Report(round, now)) JudgeObserver(_observers[round.Observer], round.Answered);
        JudgeSight();
        JudgeMembers();
        return _events;
    }

    /// <summary>Of one whose own link is broken everybody is silent, while others hear them.</summary>
    private void JudgeObserver(Observer observer, bool[] answered)
    {
        int silent = 0, heardByOthers = 0, living = 0, heard = 0;
        for (var i = 0; i < _members.Length; i++)
        {
            if (_isLost[i]) continue;
            living++;
            heard += answered[i] ? 1 : 0;
            if (observer.Members[i].Suspicion < _policy.LeastEach) continue;
            silent++;
            if (_observers.Any(o => o != observer && o.IsTrusted(_now) && o.Members[i].Silent == 0)) heardByOthers++;
        }

        if (!observer.IsCutOff && silent > 1 && 2 * silent > living && 2 * heardByOthers > silent)
        {
            observer.CutOff();
            _events.Add(new DetectionEvent(DetectionKind.ObserverCutOff, [], observer.Name, $"{observer.Name} hears {Text(living - silent)} of {Text(living)} members, others hear {Text(heardByOthers)} of those that it does not"));
        }
        else if (observer.IsCutOff && 2 * heard > living)
        {
            observer.HearsAgain();
            _events.Add(new DetectionEvent(DetectionKind.ObserverHears, [], observer.Name, $"{observer.Name} hears {Text(heard)} of {Text(living)} members again"));
        }
    }

    private void JudgeSight()
    {
        var trusted = 0;
        foreach (var observer in _observers) trusted += observer.IsTrusted(_now) ? 1 : 0;
        if (trusted < _policy.Quorum == _isBlind) return;
        _isBlind = !_isBlind;
        _events.Add(new DetectionEvent(_isBlind ? DetectionKind.Blind : DetectionKind.Sees, [], "", $"{Text(trusted)} of {Text(_observers.Length)} observers can be trusted, {Text(_policy.Quorum)} are needed"));
    }

    private void JudgeMembers()
    {
        _condemned.Clear();
        var areMoreComing = false;
        for (var i = 0; i < _members.Length; i++)
        {
            if (_isLost[i])
            {
                JudgeReturn(i);
                continue;
            }

            var (missing, suspecting, together, shortest) = Weigh(i);
            if (missing < _policy.Quorum) continue;
            if (suspecting >= _policy.Quorum && (together >= _policy.Threshold || shortest >= _policy.LongestSilence)) _condemned.Add(i);
            else areMoreComing = true;
        }

        if (_condemned.Count == 0)
        {
            (_condemnedSince, _withheld) = (null, []);
            return;
        }

        _condemnedSince ??= _now;
        if (areMoreComing && _now - _condemnedSince < _policy.LongestCutWait) return;
        Conclude();
    }

    /// <summary>
    /// How many trusted observers miss a member's answer, how many suspect it, how much together, and how long the one of these that heard it last has not. Whose silence
    /// began long before that one's tells of his own way to the member, and adds nothing to the others' chance of being wrong.
    /// </summary>
    private (int Missing, int Suspecting, double Together, TimeSpan Shortest) Weigh(int member)
    {
        int missing = 0, suspecting = 0;
        double together = 0;
        var shortest = int.MaxValue;
        foreach (var observer in _observers)
        {
            if (!Misses(observer, member)) continue;
            missing++;
            var history = observer.Members[member];
            if (history.Suspicion < _policy.LeastEach) continue;
            suspecting++;
            shortest = Math.Min(shortest, history.Silent);
        }

        // As good as always, for each member in each round.
        if (suspecting == 0) return (missing, 0, 0, TimeSpan.Zero);
        var oldest = shortest + (_policy.LongestSilence.Ticks / _policy.ProbeInterval.Ticks);
        foreach (var observer in _observers)
        {
            var history = observer.Members[member];
            if (history.Suspicion >= _policy.LeastEach && history.Silent <= oldest && Misses(observer, member)) together += history.Suspicion;
        }

        return (missing, suspecting, together, TimeSpan.FromTicks(_policy.ProbeInterval.Ticks * shortest));
    }

    private bool Misses(Observer observer, int member) => observer.Members[member].Silent > 0 && observer.IsTrusted(_now) && !IsDeafTo(observer, member);

    /// <summary>An observer that never heard a member that others have heard says nothing of it by its silence: a filter may be in the way.</summary>
    private bool IsDeafTo(Observer observer, int member) => !observer.Members[member].HasAnswered && _observers.Any(o => o.Members[member].HasAnswered);

    private void Conclude()
    {
        if (_withheld.Count > _condemned.Count)
        {
            // What kept them all silent ends: the silence of those who have not answered yet was that, too.
            foreach (var observer in _observers) foreach (var index in _condemned) observer.Members[index].Forget();
            (_condemnedSince, _withheld) = (null, []);
            return;
        }

        var members = _condemned.Select(i => _members[i]).ToList();
        var names = string.Join(", ", members);
        var living = _isLost.Count(l => !l);
        foreach (var observer in _observers) foreach (var index in _condemned) observer.Members[index].Doubt();
        if (_budget.Refuses(_condemned.Count, living, _now) is { } refusal)
        {
            if (_withheld.SequenceEqual(_condemned)) return;
            _withheld = [.. _condemned];
            _events.Add(new DetectionEvent(DetectionKind.Withheld, members, "", $"{names} silent: {refusal}"));
            return;
        }

        _budget.Spend(_condemned.Count, _now);
        foreach (var index in _condemned)
        {
            _isLost[index] = true;
            _heardSince[index] = null;
            _damping[index].Lost(_now);
        }

        _events.Add(new DetectionEvent(DetectionKind.Lost, members, "", $"{names} silent to {Witnesses()}"));
        (_condemnedSince, _withheld) = (null, []);
    }

    private string Witnesses() => string.Join(" and ", _observers.Where(o => _condemned.Any(i => o.Members[i].Suspicion >= _policy.LeastEach) && o.IsTrusted(_now)).Select(o =>
        $"{o.Name} ({Text(_condemned.Max(i => o.Members[i].Silent) * _policy.ProbeInterval.TotalMilliseconds)} ms)"));

    private void JudgeReturn(int member)
    {
        var hearing = 0;
        foreach (var observer in _observers)
        {
            if (!observer.IsTrusted(_now)) continue;
            if (observer.Members[member].Silent == 0) hearing++;
            // Nor may it say anything of the next time.
            else if (observer.Members[member].Suspicion >= _policy.LeastEach) _heardSince[member] = null;
        }

        if (_heardSince[member] is not { } since)
        {
            if (hearing >= _policy.Quorum) _heardSince[member] = _now;
            return;
        }

        var delay = _damping[member].RecoveryDelay(_now);
        if (_now - since < delay || hearing < _policy.Quorum) return;
        _isLost[member] = false;
        _heardSince[member] = null;
        _events.Add(new DetectionEvent(DetectionKind.Back, [_members[member]], "", $"{_members[member]} has answered for {Text(delay.TotalSeconds)} s"));
    }

    private static string Text(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);
}

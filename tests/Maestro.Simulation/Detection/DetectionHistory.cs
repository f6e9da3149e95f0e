using System.Globalization;
using Maestro.Engine.Clustering.Detection;
using Maestro.Engine.Hosting;
using Maestro.Engine.Model.Groups;

namespace Maestro.Simulation.Detection;

/// <summary>What came of a detection history.</summary>
internal sealed record DetectionResult
{
    public required DetectionScenario Scenario { get; init; }

    /// <summary>Empty when all was judged as it should.</summary>
    public string Failure { get; init; } = "";

    public required IReadOnlyList<string> Trace { get; init; }

    /// <summary>From death to judgement, of members that died by themselves while nothing else was wrong and the budget allowed it.</summary>
    public required IReadOnlyList<TimeSpan> Latencies { get; init; }

    /// <summary>Deaths that the detector judged, all.</summary>
    public required int Judged { get; init; }

    /// <summary>Members judged lost that were there: how often.</summary>
    public required int False { get; init; }

    /// <summary>Cuts of several members at once, and how many of them were one event.</summary>
    public required (int All, int Single) Cuts { get; init; }

    public required TimeSpan VirtualTime { get; init; }

    public required long Probes { get; init; }
}

/// <summary>
/// The real detector under virtual time: members that die, observers whose probes are lost, and what it concludes held against what is so. Every observer
/// probes every member in each round and says in the next who has answered.
/// </summary>
internal sealed class DetectionHistory
{
    public static readonly DetectionPolicy Policy = new() { ProbeInterval = TimeSpan.FromMilliseconds(50) };

    /// <summary>However bad the network is, a dead member must be judged by then if enough observers can be trusted and the budget allows it.</summary>
    private static readonly TimeSpan Bound = Policy.LongestSilence + TimeSpan.FromSeconds(1);

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(1);

    private const int Flaps = 4;

    private static readonly TimeSpan FlapsEvery = TimeSpan.FromSeconds(15);

    // So many rounds after it woke an observer hears every other member only.
    private const int RoundsDazed = 8;

    private readonly DetectionScenario _scenario;
    private readonly DetectionPolicy _policy;
    private readonly FailureDetector _detector;
    private readonly ProbeNetwork _network;
    private readonly MemberId[] _members;
    private readonly TimeSpan[] _phase;
    private readonly bool[][] _answered;

    // By member: when it is not there. Kept for a moment longer, for a judgement may come when it is just back.
    private readonly List<(TimeSpan From, TimeSpan To)>[] _away;
    private readonly int[] _dazed;
    private readonly TimeSpan[] _cutUntil, _pausedUntil, _burstsUntil, _owes, _flapsUntil;
    private readonly Queue<ProbeRound> _queued = new();
    private readonly List<string> _trace = [];
    private readonly List<TimeSpan> _latencies = [];
    private readonly HashSet<int> _withheld = [];
    private readonly Dictionary<int, (TimeSpan At, bool IsPlain)> _dead = [];
    private readonly List<(TimeSpan At, HashSet<int> Members, int Events)> _cuts = [];
    private TimeSpan _now, _judgePausedUntil, _disturbedUntil;
    private string _failure = "";
    private int _judged, _false;
    private bool _isBlind = true;
    private long _probes;

    private DetectionHistory(DetectionScenario scenario, DetectionPolicy policy)
    {
        (_scenario, _policy) = (scenario, policy);
        var random = new SeededRandom((ulong)(uint)scenario.Seed);
        _members = [.. Enumerable.Range(1, scenario.Members).Select(n => new MemberId(1, n))];
        _detector = new FailureDetector(policy, _members, Enumerable.Range(1, scenario.Observers).Select(n => "o" + n.ToString(CultureInfo.InvariantCulture)));
        _network = new ProbeNetwork(random.Stream("network"), scenario.Observers, scenario.Members);
        var phases = random.Stream("phases");
        _phase = [.. Enumerable.Range(0, scenario.Observers).Select(_ => TimeSpan.FromTicks((long)(phases.NextDouble() * policy.ProbeInterval.Ticks))).Order()];
        _answered = [.. _phase.Select(_ => Enumerable.Repeat(true, scenario.Members).ToArray())];
        _away = [.. _members.Select(_ => new List<(TimeSpan, TimeSpan)>())];
        _cutUntil = new TimeSpan[scenario.Observers];
        _pausedUntil = new TimeSpan[scenario.Observers];
        _burstsUntil = new TimeSpan[scenario.Observers];
        _owes = new TimeSpan[scenario.Observers];
        _dazed = new int[scenario.Observers];
        _flapsUntil = new TimeSpan[scenario.Members];
        for (var o = 0; o < scenario.Observers; o++) _network.Set(o, scenario.Loss);
    }

    public static DetectionResult Run(DetectionScenario scenario, DetectionPolicy? policy = null) => new DetectionHistory(scenario, policy ?? Policy).Run();

    private DetectionResult Run()
    {
        var next = 0;
        for (var round = 0L; _failure.Length == 0; round++)
        {
            var began = TimeSpan.FromTicks(round * _policy.ProbeInterval.Ticks);
            if (began >= _scenario.Length) break;
            for (; next < _scenario.Entries.Count && _scenario.Entries[next].At <= began; next++) Begin(_scenario.Entries[next]);
            for (var o = 0; o < _phase.Length; o++)
            {
                _now = began + _phase[o];
                Round(o);
            }

            Overdue();
        }

        return new DetectionResult
        {
            Scenario = _scenario,
            Failure = _failure,
            Trace = _trace,
            Latencies = _latencies,
            Judged = _judged,
            False = _false,
            Cuts = (_cuts.Count, _cuts.Count(c => c.Events == 1)),
            VirtualTime = _now,
            Probes = _probes,
        };
    }

    private void Begin(DetectionEntry entry)
    {
        var random = new SeededRandom((ulong)(uint)entry.Salt).Stream(entry.What.ToString());
        var observer = random.Next(_phase.Length);
        switch (entry.What)
        {
            case DetectionFault.Death when Living() is { Count: > 0 } living:
                Die(living[random.Next(living.Count)], Soon(random), TimeSpan.FromSeconds(40 + random.Next(200)), isPlain: true);
                break;
            case DetectionFault.Flapping when Living() is { Count: > 0 } living:
                var member = living[random.Next(living.Count)];
                var at = Soon(random);
                for (var i = 0; i < Flaps; i++, at += FlapsEvery) Die(member, at, TimeSpan.FromSeconds(2 + random.Next(6)), isPlain: false);
                _flapsUntil[member] = at - FlapsEvery;
                Disturb(at - entry.At);
                break;
            case DetectionFault.Cut when Living() is { Count: > 2 } living && living.Count == _members.Length:
                var away = TimeSpan.FromSeconds(40 + random.Next(100));
                var gone = living.Where((_, i) => i % 2 == 1).ToList();
                foreach (var one in gone) Die(one, Soon(random), away, isPlain: false);
                _cuts.Add((entry.At, [.. gone], 0));
                Disturb(away);
                break;
            case DetectionFault.ObserverCut:
                _cutUntil[observer] = entry.At + TimeSpan.FromSeconds(5 + random.Next(40));
                Disturb(_cutUntil[observer] - entry.At);
                break;
            case DetectionFault.ObserverPause:
                for (var o = 0; o < _phase.Length; o++)
                {
                    if (o == observer || random.Stream("hypervisor").Next(2) == 0) _pausedUntil[o] = entry.At + Pause;
                }

                Disturb(Pause);
                break;
            case DetectionFault.JudgePause:
                _judgePausedUntil = entry.At + Pause;
                Disturb(Pause);
                break;
            case DetectionFault.Bursts:
                _burstsUntil[observer] = entry.At + TimeSpan.FromMinutes(1);
                Disturb(TimeSpan.FromMinutes(1));
                break;
            default:
                return;
        }

        Say($"fault {entry.What} {(entry.What >= DetectionFault.ObserverCut ? "o" + (observer + 1).ToString(CultureInfo.InvariantCulture) : "")}");

        TimeSpan Soon(SeededRandom some) => entry.At + _policy.ProbeInterval + TimeSpan.FromTicks((long)(some.NextDouble() * _policy.ProbeInterval.Ticks));
    }

    private void Disturb(TimeSpan time)
    {
        // And as long as it takes to trust again.
        if (_now + time + TimeSpan.FromSeconds(3) is var until && until > _disturbedUntil) _disturbedUntil = until;
    }

    private List<int> Living() => [.. Enumerable.Range(0, _members.Length).Where(i => _away[i].Count == 0 && !_detector.Lost.Contains(_members[i]))];

    private void Die(int member, TimeSpan at, TimeSpan time, bool isPlain)
    {
        _away[member].Add((at, at + time));
        _withheld.Remove(member);
        if (isPlain) _dead[member] = (at, _now >= _disturbedUntil);
        Say($"{_members[member]} dies at {at.TotalSeconds.ToString("0.000", CultureInfo.InvariantCulture)} for {time.TotalSeconds.ToString("0", CultureInfo.InvariantCulture)} s");
    }

    private bool IsAway(int member) => IsAway(member, TimeSpan.Zero);

    /// <summary>Whether it is not there, or was not so short a time ago.</summary>
    private bool IsAway(int member, TimeSpan orWas)
    {
        foreach (var (from, to) in _away[member])
        {
            if (from <= _now && _now < to + orWas) return true;
        }

        return false;
    }

    /// <summary>An observer says what it heard of its last round, and sends the next.</summary>
    private void Round(int observer)
    {
        if (_pausedUntil[observer] > _now)
        {
            _owes[observer] += _policy.ProbeInterval;
            return;
        }

        if (_owes[observer] > TimeSpan.Zero) _dazed[observer] = RoundsDazed;
        _queued.Enqueue(new ProbeRound(observer, _owes[observer], [.. _answered[observer]]));
        _owes[observer] = TimeSpan.Zero;
        _network.Set(observer, _burstsUntil[observer] > _now ? ProbeLoss.Bursty : _scenario.Loss);
        var isCut = _cutUntil[observer] > _now;
        var answered = _answered[observer];
        for (var m = 0; m < answered.Length; m++) answered[m] = !_network.LosesNext(observer, m) && !isCut && !IsAway(m);
        if (_dazed[observer] > 0)
        {
            _dazed[observer]--;
            for (var m = 1; m < answered.Length; m += 2) answered[m] = false;
        }

        _probes += answered.Length;
        if (_judgePausedUntil > _now) return;
        while (_queued.Count > 0) Hear(_detector.Report(_queued.Dequeue(), _now));
    }

    private void Hear(IReadOnlyList<DetectionEvent> events)
    {
        foreach (var one in events)
        {
            Say($"{one.Kind}: {one.Reason}");
            switch (one.Kind)
            {
                case DetectionKind.Lost:
                    var lost = one.Members.Select(m => Array.IndexOf(_members, m)).ToList();
                    foreach (var member in lost) JudgeLost(member);
                    for (var i = 0; i < _cuts.Count; i++)
                    {
                        if (_cuts[i].Members.Overlaps(lost) && _now - _cuts[i].At < Bound) _cuts[i] = _cuts[i] with { Events = _cuts[i].Events + 1 };
                    }

                    break;
                case DetectionKind.Withheld:
                    foreach (var member in one.Members) _withheld.Add(Array.IndexOf(_members, member));
                    break;
                case DetectionKind.Blind or DetectionKind.Sees:
                    _isBlind = one.Kind == DetectionKind.Blind;
                    break;
                case DetectionKind.Back when IsAway(Array.IndexOf(_members, one.Members[0])):
                    _failure = $"{one.Members[0]} is called back and is not there";
                    break;
                case DetectionKind.Back when _now < _flapsUntil[Array.IndexOf(_members, one.Members[0])]:
                    _failure = $"{one.Members[0]} is called back between two of its deaths";
                    break;
            }
        }
    }

    private void JudgeLost(int member)
    {
        if (_dead.Remove(member, out var death))
        {
            _judged++;
            if (death.IsPlain && _now >= _disturbedUntil && !_withheld.Contains(member)) _latencies.Add(_now - death.At);
        }

        if (IsAway(member, Moment)) return;
        _false++;
        if (_scenario.Loss == ProbeLoss.Independent && _now >= _disturbedUntil) _failure = $"{_members[member]} is there and is judged lost";
        else if (_pausedUntil.Append(_judgePausedUntil).Any(p => p > TimeSpan.Zero && _now - p < Pause)) _failure = $"{_members[member]} is there and is judged lost after a pause";
    }

    /// <summary>Nobody who is dead may be overlooked for longer than the bound.</summary>
    private void Overdue()
    {
        foreach (var away in _away)
        {
            if (away.Count > 0) away.RemoveAll(a => a.To + Moment < _now);
        }

        if (_dead.Count == 0) return;
        foreach (var (member, death) in _dead.ToList())
        {
            if (death.At < _now && !IsAway(member)) _dead.Remove(member);
            else if (_now - death.At > Bound && _now > _disturbedUntil + Bound && !_isBlind && !_withheld.Contains(member)) _failure = $"{_members[member]} died {(_now - death.At).TotalSeconds} s ago and is not judged";
        }
    }

    private void Say(string what)
    {
        if (_trace.Count == 200) _trace.RemoveAt(0);
        _trace.Add($"{_now.TotalSeconds.ToString("0.000", CultureInfo.InvariantCulture)} {what}");
    }
}

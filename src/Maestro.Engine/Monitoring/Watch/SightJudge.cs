using Maestro.Engine.Clustering.Detection;
using Maestro.Engine.Fabrics;
using Maestro.Engine.Model.Groups;
using Maestro.Engine.Model.Monitoring;
using Maestro.Engine.Operations.Plans;

namespace Maestro.Engine.Monitoring.Watch;

/// <summary>What is made of the sightings of one set of members: the failure detector, and its conclusions in a user's words.</summary>
internal sealed class SightJudge
{
    private readonly string _group;
    private readonly Dictionary<string, int> _observers;
    private readonly FailureDetector _detector;
    private readonly HashSet<(string, MemberId)> _deaf = [];
    private readonly HashSet<string> _silent;

    public SightJudge(string group, IReadOnlyList<MemberRef> members, IReadOnlyList<string> observers, DetectionPolicy policy)
    {
        (_group, Members, _silent) = (group, members, [.. observers]);
        _observers = observers.Select((name, index) => (name, index)).ToDictionary(o => o.name, o => o.index, StringComparer.Ordinal);
        _detector = new FailureDetector(policy, members.Select(m => MemberId.Parse(m.Member)), observers);
    }

    private SightJudge(SightJudge before, IReadOnlyList<MemberRef> members)
    {
        (_group, Members, Sees) = (before._group, members, before.Sees);
        (_observers, _silent) = (before._observers, [.. before._observers.Keys]);
        var staying = new HashSet<MemberId>(members.Where(before.Members.Contains).Select(m => MemberId.Parse(m.Member)));
        _detector = before._detector.With(members.Select(m => MemberId.Parse(m.Member)), staying.Contains);
        _deaf.UnionWith(before._deaf.Where(d => staying.Contains(d.Item2)));
    }

    public IReadOnlyList<MemberRef> Members { get; }

    /// <summary>Ids of those who are judged to be lost.</summary>
    public IReadOnlyList<string> Lost => [.. _detector.Lost.Select(m => m.ToString())];

    /// <summary>Those of them who answer again, for a moment.</summary>
    public IReadOnlyList<string> Heard => [.. _detector.Heard.Select(m => m.ToString())];

    /// <summary>Whether enough observers can be trusted to judge anybody.</summary>
    public bool Sees { get; private set; }

    /// <summary>One that goes on with other members and knows what this one knows of those that stay, the same gateway under the same id.</summary>
    public SightJudge With(IReadOnlyList<MemberRef> members) => new(this, members);

    /// <summary>What is to be said when that has not come about in the time that it takes.</summary>
    public MaestroEvent StillBlind(DateTimeOffset at)
    {
        var silent = _silent.OrderBy(o => o, StringComparer.Ordinal).ToList();
        var why = silent.Count > 0 ? $"{string.Join(", ", silent)} said nothing yet: is it reached, and is perl there?" : "observers are slow, or hear too few members";
        return New(at, MaestroEventKind.Blind, EventSeverity.Warning, "", "still too few observers can be trusted, so nobody is judged: " + why);
    }

    /// <param name="sighting">What an observer says.</param>
    /// <param name="now">When it came, on the watch's monotonic clock.</param>
    /// <param name="at">The same on the wall's.</param>
    public IEnumerable<MaestroEvent> Judge(MemberSighting sighting, TimeSpan now, DateTimeOffset at)
    {
        _silent.Remove(sighting.Observer);
        var found = _detector.Report(new ProbeRound(_observers[sighting.Observer], sighting.Late, [.. sighting.Answered]), now).Select(e => Event(e, at)).ToList();
        foreach (var (observer, member) in _detector.Deaf.Where(_deaf.Add))
        {
            found.Add(New(at, MaestroEventKind.MemberUnheard, EventSeverity.Warning, member.ToString(), $"{observer} has never heard it, others have: its silence there does not count. Look for a filter between them, and for perl on the member"));
        }

        return found;
    }

    private MaestroEvent Event(DetectionEvent found, DateTimeOffset at)
    {
        var member = found.Members.Count == 1 ? found.Members[0].ToString() : "";
        return found.Kind switch
        {
            DetectionKind.Lost => New(at, MaestroEventKind.MemberLost, EventSeverity.Error, member, found.Reason),
            DetectionKind.Withheld => New(at, MaestroEventKind.FailoverWithheld, EventSeverity.Error, member, found.Reason + ". Nothing was moved: a person must look"),
            DetectionKind.Back => New(at, MaestroEventKind.MemberBack, EventSeverity.Information, member, found.Reason),
            DetectionKind.ObserverCutOff => New(at, MaestroEventKind.ObserverCutOff, EventSeverity.Warning, "", found.Reason),
            DetectionKind.ObserverHears => New(at, MaestroEventKind.ObserverHears, EventSeverity.Information, "", found.Reason),
            DetectionKind.Blind => Seeing(false, New(at, MaestroEventKind.Blind, EventSeverity.Warning, "", found.Reason)),
            _ => Seeing(true, New(at, MaestroEventKind.Sees, EventSeverity.Information, "", found.Reason)),
        };
    }

    private MaestroEvent Seeing(bool sees, MaestroEvent said)
    {
        Sees = sees;
        return said;
    }

    private MaestroEvent New(DateTimeOffset at, MaestroEventKind kind, EventSeverity severity, string member, string text) =>
        new() { Time = at, SecurityGroup = _group, Member = member, Kind = kind, Severity = severity, Text = text };
}

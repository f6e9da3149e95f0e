using System.Globalization;
using Maestro.Engine.Clustering.Distribution;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Groups;

namespace Maestro.Engine.Fabrics.Linux.Traffic;

/// <summary>
/// Gives those who will carry connections what those know who carry them now: all of them before the table changes, compared on arrival; and after it, until two
/// looks in a row find none, those that began in between. Nothing is taken away from who gives: should the table go back, he still has it. For who does not answer
/// those give who keep the copies of his connections.
/// </summary>
internal sealed class ConnectionHandOver(IKernelConnections connections, FabricCall call, FlowMoves moves, IEnumerable<SteeredMember> members, TimeProvider time)
{
    /// <summary>Looks after the change of the table. Each costs one round trip to all who give; two that find none are the end.</summary>
    private const int MostSweeps = 40;

    private const int QuietSweeps = 2;

    /// <summary>Looks right before the change: one that took no longer than <see cref="Prompt"/> is the last.</summary>
    private const int MostLooksBefore = 5;

    private static readonly TimeSpan Prompt = TimeSpan.FromSeconds(2);

    /// <summary>Looks while the table changes; then it takes so long that the sweeps are left to see to the rest.</summary>
    private const int MostLooksMeanwhile = 100;

    private readonly Dictionary<MemberId, SteeredMember> _members = members.GroupBy(m => m.Id).ToDictionary(g => g.Key, g => g.First());
    private readonly Dictionary<MemberId, HashSet<string>> _given = [];
    private readonly List<string> _silent = [];
    private readonly HashSet<MemberId> _keptFor = [];
    private readonly HashSet<MemberId> _deaf = [];
    private int _before;
    private int _after;

    /// <summary>What was done, for people.</summary>
    public string Words => $"{moves.Words}; {Text(_before)} connections were copied before it and {Text(_after)} since{string.Concat(_silent.Select(s => "; " + s))}";

    /// <summary>Who would carry connections and does not answer, so that it was not given them; null for nobody.</summary>
    public MemberId? Deaf => _deaf.Count == 0 ? null : _deaf.Min();

    /// <summary>The copies before the change, compared.</summary>
    /// <returns>Null when the table may change; else why not, and nothing of it has happened.</returns>
    public async Task<Effect?> CopyAsync()
    {
        if (moves.IsEmpty) return null;
        var (first, fault) = await PassAsync(moves.Givers, isFlipped: false);
        if (fault is not null) return fault;
        _before = first.Given;
        if (await CompareAsync(first.Wanted, "the table was left as it is") is { } lacking) return lacking;
        // What has begun meanwhile, so that as little as possible is left for the sweeps; once more where that took so long that much has begun again.
        for (var look = 1; look <= MostLooksBefore; look++)
        {
            var began = time.GetTimestamp();
            (var next, fault) = await PassAsync(moves.Givers, isFlipped: false);
            _before += next.Given;
            if (fault is not null || time.GetElapsedTime(began) < Prompt) return fault;
        }

        return null;
    }

    /// <summary>Goes on copying while the table changes: a connection that begins right before it waits for the next look only, not for the end of the change.</summary>
    public async Task KeepUpAsync(Task changing)
    {
        if (moves.IsEmpty) return;
        for (var look = 0; look < MostLooksMeanwhile && !changing.IsCompleted; look++)
        {
            var (pass, fault) = await PassAsync(moves.Givers, isFlipped: false);
            // The sweeps meet it again, and say so.
            if (fault is not null) return;
            _after += pass.Given;
        }
    }

    /// <summary>The sweeps after the change, and the last comparison.</summary>
    /// <returns>Null when all is where it belongs.</returns>
    public async Task<Effect?> SweepAsync()
    {
        if (moves.IsEmpty) return null;
        // Who fell silent by now is asked no more: what he alone knows is lost with him, and the table is right without him.
        var givers = moves.Givers.Where(g => _members.ContainsKey(g) || _keptFor.Contains(g)).ToList();
        var wanted = new Dictionary<MemberId, Dictionary<string, KnownConnection>>();
        for (var (sweep, quiet) = (1, 0); quiet < QuietSweeps && sweep <= MostSweeps; sweep++)
        {
            var (pass, fault) = await PassAsync(givers, isFlipped: true);
            if (fault is not null) return fault;
            _after += pass.Given;
            quiet = pass.Certain == 0 ? quiet + 1 : 0;
            wanted = pass.Wanted;
        }

        return await CompareAsync(wanted, "the table has changed already");
    }

    /// <summary>One look at all who give, and what it found brought to those who take.</summary>
    private async Task<(Pass Pass, Effect? Fault)> PassAsync(IEnumerable<MemberId> givers, bool isFlipped)
    {
        var pass = new Pass([], 0, 0);
        var answering = givers.Where(Answers).ToList();
        var keepers = _keptFor.SelectMany(moves.KeepersOf).Distinct().Where(k => !answering.Contains(k) && Answers(k)).ToList();
        var seen = await connections.ListAsync(answering.Concat(keepers).Select(id => _members[id]), call.Cancellation);
        // Who only keeps copies may fail to tell them: that is the loss of who is silent, and hinders nobody.
        foreach (var sight in seen.Where(s => s.Fault is not null && !keepers.Contains(s.Member.Id)))
        {
            if (!isFlipped) return (pass, sight.Fault);
            _members.Remove(sight.Member.Id);
            _silent.Add($"{sight.Member.Id} was not asked to the end: {sight.Fault!.Reason}");
        }

        var certain = 0;
        var fresh = new SortedDictionary<MemberId, List<KnownConnection>>();
        foreach (var sight in seen)
        {
            foreach (var connection in sight.Known.Values.Where(c => isFlipped || !c.IsOpening))
            {
                var (takers, mayStay) = moves.Of(sight.Member.Id, connection.Flow);
                foreach (var taker in takers.Concat(_keptFor.SelectMany(lost => moves.Of(lost, connection.Flow).To)).Distinct().Where(t => t != sight.Member.Id))
                {
                    // Of a change that somebody else finishes, one may be a member no more.
                    if (!_members.ContainsKey(taker))
                    {
                        if (_keptFor.Contains(taker)) _deaf.Add(taker);
                        continue;
                    }

                    Of(pass.Wanted, taker)[connection.Key] = connection;
                    if (!Of(_given, taker).Add(connection.Key)) continue;
                    Of(fresh, taker).Add(connection);
                    if (!mayStay) certain++;
                }
            }
        }

        var faults = await Task.WhenAll(fresh.Select(f => connections.LoadAsync(call, _members[f.Key], f.Value, moves.Version)));
        return (pass with { Given = fresh.Values.Sum(f => f.Count), Certain = certain }, faults.FirstOrDefault(f => f is not null));
    }

    /// <summary>Whether those who take have what they were given; what is lacking is given once more.</summary>
    private async Task<Effect?> CompareAsync(Dictionary<MemberId, Dictionary<string, KnownConnection>> wanted, string standing)
    {
        for (var again = false; ; again = true)
        {
            var seen = await connections.ListAsync(wanted.Keys.OrderBy(id => id).Select(id => _members[id]), call.Cancellation);
            if (seen.FirstOrDefault(s => s.Fault is not null) is { } silent) return silent.Fault;
            var lacking = seen.Select(s => (s.Member, Missing: wanted[s.Member.Id].Values.Where(c => c.MustBeThere && !s.Known.ContainsKey(c.Key)).ToList())).Where(s => s.Missing.Count > 0).ToList();
            if (lacking.Count == 0) return null;
            if (again)
            {
                var (member, missing) = lacking[0];
                return Effect.Refused($"{member.Id} lacks {Text(missing.Count)} of {Text(wanted[member.Id].Count)} connections that it is to carry, such as {missing[0].Key}; {standing}", ErrorCatalogue.ConnectionsNotMoved);
            }

            foreach (var (member, missing) in lacking) if (await connections.LoadAsync(call, member, missing, moves.Version) is { } fault) return fault;
        }
    }

    // Whom the look at the group found silent hands nothing over; nobody waits for that.
    private bool Answers(MemberId giver)
    {
        if (!_members.TryGetValue(giver, out var member)) return false;
        if (member.State != MemberState.Lost) return true;
        _members.Remove(giver);
        _silent.Add($"{giver} does not answer, and what it knows stays with it, but for what others keep copies of");
        _keptFor.Add(giver);
        return false;
    }

    private static TValue Of<TValue>(IDictionary<MemberId, TValue> map, MemberId key) where TValue : new()
    {
        if (!map.TryGetValue(key, out var value)) map[key] = value = new TValue();
        return value;
    }

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);

    /// <param name="Wanted">By who takes, all that was seen to be his.</param>
    /// <param name="Given">How many of them were brought to him by this look.</param>
    /// <param name="Certain">Those of them that nobody else can be about to carry.</param>
    private sealed record Pass(Dictionary<MemberId, Dictionary<string, KnownConnection>> Wanted, int Given, int Certain);
}

using System.Globalization;
using Maestro.Engine.Model.Distribution;
using Maestro.Engine.Model.Groups;

namespace Maestro.Engine.Clustering.Distribution;

/// <summary>Where a connection goes that a member knows.</summary>
/// <param name="To">Who carries it from the change on and does not yet, by id; empty for nobody.</param>
/// <param name="MayStay">True where it may as well be one that the member goes on carrying.</param>
internal readonly record struct FlowMove(IReadOnlyList<MemberId> To, bool MayStay);

/// <summary>
/// Who must be told which connections before one table takes the place of another: those whose slot another member carries from then on, and no others. A
/// connection does not say which side its first packet entered on, so both readings count of which the member carries the slot.
/// </summary>
internal sealed class FlowMoves
{
    private static readonly FlowSide[] Sides = [FlowSide.Outside, FlowSide.Inside];

    private readonly DistributionTable _before;
    private readonly DistributionTable _after;
    private readonly SortedDictionary<(MemberId From, MemberId To), int> _slots = [];

    /// <param name="before">What packets go by.</param>
    /// <param name="after">What they will go by.</param>
    public FlowMoves(DistributionTable before, DistributionTable after)
    {
        (_before, _after) = (before, after);
        ReadsAnew = before.Rules != after.Rules || before.Slots.SlotCount != after.Slots.SlotCount;
        if (ReadsAnew)
        {
            // Any flow may fall into any slot.
            foreach (var from in Owners(before.Slots)) foreach (var to in Owners(after.Slots)) if (from != to) _slots[(from, to)] = 0;
        }
        else
        {
            for (var slot = 0; slot < before.Slots.SlotCount; slot++)
            {
                if (before.Slots.ActiveOf(slot) is not { } from || after.Slots.ActiveOf(slot) is not { } to || from.Id == to.Id) continue;
                _slots.TryGetValue((from.Id, to.Id), out var moved);
                _slots[(from.Id, to.Id)] = moved + 1;
            }
        }
    }

    /// <summary>True where the rules change or the number of slots, so that a flow's slot may be another.</summary>
    public bool ReadsAnew { get; }

    /// <summary>Of the table that is to be.</summary>
    public long Version => _after.Version;

    public bool IsEmpty => _slots.Count == 0;

    /// <summary>Who knows connections that others will carry, by id.</summary>
    public IReadOnlyList<MemberId> Givers => [.. _slots.Keys.Select(k => k.From).Distinct()];

    /// <summary>Who will carry connections of others, by id.</summary>
    public IReadOnlyList<MemberId> Takers => [.. _slots.Keys.Select(k => k.To).Distinct().OrderBy(id => id)];

    /// <summary>Who keeps copies of a member's connections, by id.</summary>
    public IReadOnlyList<MemberId> KeepersOf(MemberId member)
    {
        var keepers = new SortedSet<MemberId>();
        for (var slot = 0; slot < _before.Slots.SlotCount; slot++)
        {
            if (_before.Slots.ActiveOf(slot)?.Id != member) continue;
            if (_before.Slots.BackupOf(slot) is { } near) keepers.Add(near.Id);
            if (_before.Slots.RemoteBackupOf(slot) is { } far) keepers.Add(far.Id);
        }

        return [.. keepers];
    }

    /// <summary>What moves, for people: <c>171 slots move: 1_2 to 1_1 86, 1_2 to 1_3 85</c>.</summary>
    public string Words => ReadsAnew
        ? "flows fall into other slots"
        : $"{Text(_slots.Values.Sum())} slots move: {string.Join(", ", _slots.Select(s => $"{s.Key.From} to {s.Key.To} {Text(s.Value)}"))}";

    /// <summary>Where a connection goes that this member knows.</summary>
    /// <param name="giver">The member.</param>
    /// <param name="flow">The connection's first direction.</param>
    public FlowMove Of(MemberId giver, Flow flow)
    {
        List<MemberId>? takers = null;
        var mayStay = false;
        foreach (var side in Sides)
        {
            if (_before.Slots.ActiveOf(_before.Rules.SlotOf(flow, side, _before.Slots.SlotCount))?.Id != giver) continue;
            if (_after.Slots.ActiveOf(_after.Rules.SlotOf(flow, side, _after.Slots.SlotCount)) is not { } taker) continue;
            if (taker.Id == giver) mayStay = true;
            else if (takers is null) takers = [taker.Id];
            else if (!takers.Contains(taker.Id)) takers.Add(taker.Id);
        }

        takers?.Sort();
        return new FlowMove(takers ?? (IReadOnlyList<MemberId>)[], mayStay);
    }

    private static IEnumerable<MemberId> Owners(SlotTable slots)
    {
        var counts = slots.CountActive();
        return slots.Members.Where((_, n) => counts[n] > 0).Select(m => m.Id);
    }

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}

using CsCheck;
using Maestro.Engine.Clustering.Distribution;
using Maestro.Engine.Hosting;
using Maestro.Engine.Model.Groups;

namespace Maestro.Engine.Tests.Clustering.Distribution;

/// <summary>A random sequence of joins, leaves, failures and changes of weight, one table after another.</summary>
internal sealed class SlotHistory
{
    public enum Change { Join, Leave, Fail, Weigh }

    public sealed record Step(Change Change, int Pick, int Weight);

    public sealed record Moment(Change Change, SlotTable Before, SlotDecision Decision, IReadOnlyList<SlotMember> Members)
    {
        public SlotTable After => Decision.Table;
    }

    public static readonly Gen<Step> Steps = Gen.Select(Gen.OneOf(Change.Join, Change.Join, Change.Leave, Change.Fail, Change.Weigh), Gen.Int[0, 999], Gen.Frequency((1, Gen.Const(0)), (9, Gen.Int[1, SlotMember.HighestWeight])), (c, p, w) => new Step(c, p, w));

    public static readonly Gen<List<Step>> Histories = Steps.List[1, 14];

    /// <param name="sites">One or two.</param>
    /// <param name="equal">True where all weigh the same and nobody's weight changes.</param>
    /// <param name="isStandby">True where site 2 stands by.</param>
    public static IEnumerable<Moment> Run(int slots, IEnumerable<Step> steps, int sites = 1, bool equal = false, bool isStandby = false)
    {
        var table = SlotTable.Empty(slots);
        var members = new List<SlotMember>();
        var shuffle = new SeededRandom(7);
        foreach (var step in steps)
        {
            var change = step.Change;
            if (change == Change.Weigh && equal) change = Change.Join;
            if (change != Change.Join && members.Count == 0) continue;
            if (change == Change.Join)
            {
                var site = 1 + (step.Pick % sites);
                var number = Enumerable.Range(1, 99).First(n => members.All(m => m.Id != new MemberId(site, n)));
                members.Add(new SlotMember(new MemberId(site, number), equal ? 100 : step.Weight, !(isStandby && site == 2)));
            }
            else
            {
                var at = step.Pick % members.Count;
                if (change == Change.Weigh) members[at] = members[at] with { Weight = step.Weight };
                else members.RemoveAt(at);
            }

            // In another order each time: it must not matter.
            var given = members.OrderBy(_ => shuffle.NextUInt64()).ToList();
            var decision = change == Change.Fail ? SlotPlanner.Promote(table, given) : SlotPlanner.Rebalance(table, given);
            yield return new Moment(change, table, decision, members.OrderBy(m => m.Id).ToList());
            table = decision.Table;
            if (change != Change.Fail) continue;
            // What a failure leaves uneven is levelled before the next change.
            decision = SlotPlanner.Rebalance(table, given);
            yield return new Moment(Change.Weigh, table, decision, members.OrderBy(m => m.Id).ToList());
            table = decision.Table;
        }
    }
}

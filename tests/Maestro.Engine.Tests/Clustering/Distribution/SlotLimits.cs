using Maestro.Engine.Clustering.Distribution;

namespace Maestro.Engine.Tests.Clustering.Distribution;

/// <summary>What no table of the same promises could do better, found by trying all roundings, and not by the planner's own reasoning.</summary>
internal static class SlotLimits
{
    /// <summary>The fewest slots that must be given to another member, so that everybody has its exact share rounded down or up.</summary>
    public static int FewestMoves(SlotTable before, IReadOnlyList<SlotMember> members)
    {
        var takers = members.Where(m => m.TakesSlots).ToList();
        var held = takers.Select(t => Enumerable.Range(0, before.SlotCount).Count(s => before.ActiveOf(s)?.Id == t.Id)).ToList();
        return Fewest(before.SlotCount, takers.Select(t => (long)t.Weight).ToList(), held, (_, _) => true)!.Value;
    }

    /// <summary>
    /// The fewest copies, given who carries what: each owner's slots over its candidates by weight, rounded down or up, and (with one carrying site of
    /// equal weights) so that losing the owner leaves everybody within one of its share.
    /// </summary>
    public static int FewestCopies(SlotTable before, SlotTable after)
    {
        var carriers = after.Members.Where(m => m.TakesSlots).ToList();
        var levels = carriers.Select(c => c.Weight).Distinct().Count() == 1 && carriers.Select(c => c.Id.Site).Distinct().Count() == 1;
        var sum = 0;
        foreach (var owner in carriers)
        {
            var candidates = carriers.Where(c => c.Id != owner.Id && c.Id.Site == owner.Id.Site).ToList();
            var slots = Enumerable.Range(0, after.SlotCount).Where(s => after.ActiveOf(s)!.Id == owner.Id).ToList();
            if (candidates.Count == 0 || slots.Count == 0) continue;
            var kept = candidates.Select(c => slots.Count(s => HasCopy(before, after, s, candidates)?.Id == c.Id)).ToList();
            var owned = candidates.Select(c => Enumerable.Range(0, after.SlotCount).Count(s => after.ActiveOf(s)!.Id == c.Id)).ToList();
            var least = after.SlotCount / candidates.Count;
            var most = (after.SlotCount + candidates.Count - 1) / candidates.Count;
            sum += Fewest(slots.Count, candidates.Select(c => (long)c.Weight).ToList(), kept, (i, due) => !levels || (owned[i] + due >= least && owned[i] + due <= most))
                ?? throw new InvalidOperationException("No spread keeps the promises.");
        }

        return sum;
    }

    private static SlotMember? HasCopy(SlotTable before, SlotTable after, int slot, List<SlotMember> candidates) =>
        new[] { before.BackupOf(slot), before.ActiveOf(slot) }.FirstOrDefault(m => m is not null && m.Id != after.ActiveOf(slot)!.Id && candidates.Any(c => c.Id == m.Id));

    // Over all ways to round: the least sum of what must be given to those who have less than that.
    private static int? Fewest(int slots, IReadOnlyList<long> weights, IReadOnlyList<int> held, Func<int, int, bool> isAllowed)
    {
        var sum = weights.Sum();
        var up = slots - weights.Sum(w => (int)(slots * w / sum));
        var best = new int?[up + 1];
        best[0] = 0;
        for (var i = 0; i < weights.Count; i++)
        {
            var down = (int)(slots * weights[i] / sum);
            var next = new int?[up + 1];
            for (var used = 0; used <= up; used++)
            {
                if (best[used] is not { } cost) continue;
                if (isAllowed(i, down)) Offer(next, used, cost + Math.Max(0, down - held[i]));
                if (used < up && slots * weights[i] % sum != 0 && isAllowed(i, down + 1)) Offer(next, used + 1, cost + Math.Max(0, down + 1 - held[i]));
            }

            best = next;
        }

        return best[up];

        static void Offer(int?[] row, int at, int cost) => row[at] = row[at] is { } there && there <= cost ? there : cost;
    }
}

namespace Maestro.Engine.Clustering.Distribution;

/// <summary>
/// Finds a column of backups: the slots of each owner are spread over its candidates by weight, each within one of its exact part, so that losing the
/// owner leaves the rest as even as they were. Given who carries what, no other spread that keeps this lets more slots keep the copy they have.
/// </summary>
internal static class BackupPlacement
{
    /// <param name="active">Who carries each slot.</param>
    /// <param name="copies">Who of those that may back a slot up has its state already; nobody for none. Becomes the column of backups.</param>
    /// <param name="candidate">By owner and member, row by row: whether the member may back the owner up.</param>
    /// <param name="weights">0 for who takes none.</param>
    /// <param name="owned">How many slots each carries.</param>
    /// <param name="levels">True where who is promoted goes on carrying, so that the promoted slots should level what is carried.</param>
    /// <returns>How many slots got a backup that has none of their state.</returns>
    public static int Place(short[] active, short[] copies, bool[] candidate, int[] weights, int[] owned, bool levels)
    {
        var count = weights.Length;
        var kept = new int[count * count];
        for (var slot = 0; slot < active.Length; slot++)
        {
            if (copies[slot] >= 0) kept[(active[slot] * count) + copies[slot]]++;
        }

        var due = Spread(candidate, weights, owned, kept, levels);
        Array.Clear(kept, 0, kept.Length);
        var next = new int[count];
        var filled = 0;
        // Twice: what stays where it is must be known before the gaps are filled.
        var homeless = new List<int>();
        for (var slot = 0; slot < active.Length; slot++)
        {
            var (owner, copy) = (active[slot], copies[slot]);
            if (owner < 0) continue;
            if (copy >= 0 && kept[(owner * count) + copy] < due[(owner * count) + copy])
            {
                kept[(owner * count) + copy]++;
                continue;
            }

            copies[slot] = SlotTable.Nobody;
            homeless.Add(slot);
        }

        foreach (var slot in homeless)
        {
            var row = active[slot] * count;
            ref var at = ref next[active[slot]];
            while (at < count && kept[row + at] >= due[row + at]) at++;
            if (at == count) continue;
            kept[row + at]++;
            copies[slot] = (short)at;
            filled++;
        }

        return filled;
    }

    private static int[] Spread(bool[] candidate, int[] weights, int[] owned, int[] kept, bool levels)
    {
        var count = weights.Length;
        var due = new int[count * count];
        var total = new int[count];
        var order = new long[count];
        for (var owner = 0; owner < count; owner++)
        {
            var row = owner * count;
            if (owned[owner] == 0) continue;
            long sum = 0, carried = owned[owner];
            for (var i = 0; i < count; i++)
            {
                if (!candidate[row + i]) continue;
                sum += weights[i];
                carried += owned[i];
            }

            if (sum == 0) continue;
            var left = owned[owner];
            for (var i = 0; i < count; i++)
            {
                if (!candidate[row + i]) continue;
                due[row + i] = (int)((long)owned[owner] * weights[i] / sum);
                left -= due[row + i];
                total[i] += due[row + i];
            }

            if (left == 0) continue;
            var candidates = 0;
            for (var i = 0; i < count; i++)
            {
                if (!candidate[row + i] || (long)owned[owner] * weights[i] % sum == 0) continue;
                var need = levels ? Need(owned[i] + due[row + i], carried * weights[i], sum) : 1L;
                var moves = kept[row + i] > due[row + i] ? 0L : 1L;
                // From the owner on, so that equals do not all choose the lowest id.
                var distance = (i - owner + count) % count;
                order[candidates++] = (need << 61) | (moves << 60) | ((long)total[i] << 30) | ((long)distance << 15) | (uint)i;
            }

            Array.Sort(order, 0, candidates);
            for (var i = 0; i < left; i++)
            {
                var chosen = (int)(order[i] & 0x7fff);
                due[row + chosen]++;
                total[chosen]++;
            }
        }

        return due;
    }

    // 0: without one more it would carry too little once the owner is lost, 2: with one more too much, 1: both do.
    private static long Need(long carries, long exact, long sum) => carries < exact / sum ? 0 : carries + 1 > (exact + sum - 1) / sum ? 2 : 1;
}

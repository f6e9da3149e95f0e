namespace Maestro.Engine.Clustering.Distribution;

/// <summary>
/// Finds a column of backups: the slots of each owner are spread over its candidates by weight, each within one of its exact part, so that losing the
/// owner leaves the rest as even as they were. Given who carries what, no other spread that keeps this lets more slots keep the copy they have.
/// </summary>
internal static class BackupPlacement
{
    /// <param name="active">Who carries each slot.</param>
    /// <param name="holders">Who had a part in each slot and so has its state, the most welcome column first.</param>
    /// <param name="candidate">Whether a member may back an owner up; a table as <see cref="At"/> tells.</param>
    /// <param name="weights">0 for who takes none.</param>
    /// <param name="owned">How many slots each carries.</param>
    /// <param name="levels">True where who is promoted goes on carrying, so that the promoted slots should level what is carried.</param>
    public static (short[] Backups, int ToFill) Place(short[] active, short[][] holders, bool[] candidate, int[] weights, int[] owned, bool levels)
    {
        var count = weights.Length;
        var backups = new short[active.Length];
        var kept = new int[candidate.Length];
        var (first, second, third) = (holders[0], holders[1], holders[2]);
        for (var slot = 0; slot < active.Length; slot++)
        {
            var row = At(count, active[slot], 0);
            var copy = first[slot];
            if (!candidate[row + copy] && !candidate[row + (copy = second[slot])] && !candidate[row + (copy = third[slot])]) copy = SlotTable.Nobody;
            backups[slot] = copy;
            kept[row + copy]++;
        }

        // Twice: what stays where it is must be known before the gaps are filled.
        var due = Spread(candidate, weights, owned, kept, levels);
        var homeless = new List<int>();
        for (var slot = 0; slot < active.Length; slot++)
        {
            var copy = backups[slot];
            if (copy >= 0 && --due[At(count, active[slot], copy)] >= 0) continue;
            backups[slot] = SlotTable.Nobody;
            if (active[slot] >= 0) homeless.Add(slot);
        }

        var (next, filled) = (new int[count], 0);
        foreach (var slot in homeless)
        {
            ref var at = ref next[active[slot]];
            while (at < count && due[At(count, active[slot], at)] <= 0) at++;
            if (at == count) continue;
            due[At(count, active[slot], at)]--;
            backups[slot] = (short)at;
            filled++;
        }

        return (backups, filled);
    }

    /// <summary>Where a table by owner and member keeps a pair. It has a row and a column for nobody, so that the hot loops need not ask.</summary>
    public static int At(int count, int owner, int member) => ((owner + 1) * (count + 1)) + member + 1;

    public static int SizeOf(int count) => (count + 1) * (count + 1);

    private static int[] Spread(bool[] candidate, int[] weights, int[] owned, int[] kept, bool levels)
    {
        var count = weights.Length;
        var due = new int[candidate.Length];
        var total = new int[count];
        var order = new long[count];
        for (var owner = 0; owner < count; owner++)
        {
            var row = At(count, owner, 0);
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

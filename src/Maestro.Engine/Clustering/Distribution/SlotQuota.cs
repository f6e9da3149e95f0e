namespace Maestro.Engine.Clustering.Distribution;

/// <summary>
/// How many slots each member is due: its exact share by weight, rounded down or up so that the sum is right. Nobody is a whole slot off its exact share,
/// and equal weights differ by at most one.
/// </summary>
internal static class SlotQuota
{
    private const int ShareBits = 40;

    /// <summary>The shares that let the most slots stay where they are: who holds more than its share rounded down is rounded up first, then the largest remainders, then the lowest ids.</summary>
    /// <param name="slotCount">All slots.</param>
    /// <param name="weights">0 for who takes none; not all may be 0.</param>
    /// <param name="held">What each has now.</param>
    public static int[] Divide(int slotCount, int[] weights, int[] held)
    {
        long sum = 0;
        foreach (var weight in weights) sum += weight;
        var due = new int[weights.Length];
        var left = slotCount;
        var order = new long[weights.Length];
        var candidates = 0;
        for (var i = 0; i < weights.Length; i++)
        {
            var exact = (long)slotCount * weights[i];
            due[i] = (int)(exact / sum);
            left -= due[i];
            var remainder = exact % sum;
            if (remainder == 0) continue;
            // Ascending: holders first, then the largest remainder (as a fraction of 2^24), then the id.
            var fraction = (1L << 24) - (remainder * (1L << 24) / sum);
            order[candidates++] = (held[i] > due[i] ? 0L : 1L << ShareBits) | (fraction << 15) | (uint)i;
        }

        Array.Sort(order, 0, candidates);
        for (var i = 0; i < left; i++) due[order[i] & 0x7fff]++;
        return due;
    }
}

namespace Maestro.Engine.Clustering.Distribution;

/// <summary>
/// A table from nothing, when neither gateways nor store know the old one: whoever builds it from the same members builds the same. Each slot goes to the
/// member that scores highest for it (weighted rendezvous hashing) among those that are still due one.
/// </summary>
internal static class RendezvousTable
{
    private const int FractionBits = 16;

    /// <param name="slotCount">A power of two.</param>
    /// <param name="members">In any order.</param>
    /// <param name="version">That the table shall have.</param>
    /// <exception cref="ArgumentException">A member twice, a weight outside 0..512, or no power of two.</exception>
    public static SlotTable Build(int slotCount, IEnumerable<SlotMember> members, long version)
    {
        var sorted = SlotPlanner.Sort(members);
        var weights = Array.ConvertAll(sorted, m => m.Share);
        if (weights.All(w => w == 0)) return SlotTable.Empty(slotCount).WithMembers(sorted, version);

        var left = SlotQuota.Divide(slotCount, weights, new int[weights.Length]);
        var active = new short[slotCount];
        for (var slot = 0; slot < slotCount; slot++)
        {
            var best = -1;
            ulong bestLoss = 0;
            for (var i = 0; i < sorted.Length; i++)
            {
                if (left[i] == 0) continue;
                var loss = NegativeLog(Mix(((ulong)(uint)slot << 32) | ((uint)sorted[i].Id.Site << 24) | (uint)sorted[i].Id.Number));
                // Highest weight / -log(hash), by multiplying crosswise.
                if (best >= 0 && (ulong)weights[i] * bestLoss <= (ulong)weights[best] * loss) continue;
                (best, bestLoss) = (i, loss);
            }

            active[slot] = (short)best;
            left[best]--;
        }

        var bare = new SlotTable(version - 1, sorted, active, SlotTable.Column(slotCount), SlotTable.Column(slotCount));
        return SlotPlanner.Rebalance(bare, sorted).Table.WithVersion(version);
    }

    /// <summary>-log2(x / 2^64) in 16 bits after the point, by squaring: floating point differs between runtimes, and two controllers must agree.</summary>
    internal static ulong NegativeLog(ulong x)
    {
        if (x == 0) return 64UL << FractionBits;
        var whole = 63;
        while (x >> 63 == 0)
        {
            x <<= 1;
            whole--;
        }

        var log = (ulong)whole << FractionBits;
        var mantissa = x >> 32;
        for (var bit = FractionBits - 1; bit >= 0; bit--)
        {
            mantissa = (mantissa * mantissa) >> 31;
            if (mantissa >> 32 == 0) continue;
            mantissa >>= 1;
            log |= 1UL << bit;
        }

        return (64UL << FractionBits) - log;
    }

    // The finaliser of splitmix64.
    private static ulong Mix(ulong x)
    {
        unchecked
        {
            x += 0x9e3779b97f4a7c15;
            x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
            x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
            return x ^ (x >> 31);
        }
    }
}

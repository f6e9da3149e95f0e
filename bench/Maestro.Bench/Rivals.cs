namespace Maestro.Bench;

/// <summary>Other ways to share slots out, written from their papers, for comparison. Members are numbers.</summary>
internal static class Rivals
{
    /// <summary>Maglev (Eisenbud and others, NSDI 2016, section 3.4): each member fills the table along a permutation of its own, by turns.</summary>
    public static int[] Maglev(IReadOnlyList<int> members, int size)
    {
        var (offset, skip, next) = (new long[members.Count], new long[members.Count], new long[members.Count]);
        for (var i = 0; i < members.Count; i++)
        {
            offset[i] = (long)(Mix((ulong)members[i], 1) % (ulong)size);
            skip[i] = (long)((Mix((ulong)members[i], 2) % (ulong)(size - 1)) + 1);
        }

        var table = new int[size];
        Array.Fill(table, -1);
        for (var filled = 0; ;)
        {
            for (var i = 0; i < members.Count; i++)
            {
                long at;
                do at = (offset[i] + (next[i]++ * skip[i])) % size;
                while (table[at] >= 0);
                table[at] = members[i];
                if (++filled == size) return table;
            }
        }
    }

    /// <summary>Rendezvous hashing (Thaler and Ravishankar, 1998): the member that scores highest for the key.</summary>
    public static int Rendezvous(IReadOnlyList<int> members, ulong key)
    {
        var (best, highest) = (-1, 0UL);
        for (var i = 0; i < members.Count; i++)
        {
            var score = Mix(key, (ulong)members[i] + 3);
            if (best >= 0 && score <= highest) continue;
            (best, highest) = (members[i], score);
        }

        return best;
    }

    /// <summary>Jump consistent hashing (Lamping and Veach, 2014, figure 1). Knows only how many members there are: the last one alone can leave.</summary>
    public static int Jump(ulong key, int count)
    {
        long bucket = -1, next = 0;
        while (next < count)
        {
            bucket = next;
            key = unchecked((key * 2862933555777941757UL) + 1);
            next = (long)((bucket + 1) * ((1L << 31) / (double)((key >> 33) + 1)));
        }

        return (int)bucket;
    }

    // The finaliser of splitmix64 over two numbers.
    public static ulong Mix(ulong a, ulong b)
    {
        unchecked
        {
            var x = a + (b * 0x9e3779b97f4a7c15) + 0x9e3779b97f4a7c15;
            x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
            x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
            return x ^ (x >> 31);
        }
    }
}

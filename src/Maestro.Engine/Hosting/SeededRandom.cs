using System.Text;

namespace Maestro.Engine.Hosting;

/// <summary>
/// The engine's only randomness: xoshiro256** (Blackman and Vigna, "Scrambled linear pseudorandom number generators", 2018), seeded through
/// splitmix64. Named sub-streams keep draws apart, so that a new fault does not shift the draws of old ones. Not for secrets; not thread-safe.
/// </summary>
public sealed class SeededRandom
{
    private readonly ulong _seed;
    private readonly ulong[] _state = new ulong[4];

    public SeededRandom(ulong seed)
    {
        _seed = seed;
        var mixer = seed;
        for (var i = 0; i < _state.Length; i++) _state[i] = SplitMix(ref mixer);
    }

    /// <summary>An independent stream that depends on the seed and the name only, not on what was drawn before.</summary>
    public SeededRandom Stream(string name)
    {
        // FNV-1a: string.GetHashCode differs from process to process.
        var hash = 14695981039346656037UL;
        foreach (var b in Encoding.UTF8.GetBytes(name)) hash = (hash ^ b) * 1099511628211UL;
        return new SeededRandom(_seed ^ SplitMix(ref hash));
    }

    public ulong NextUInt64()
    {
        var result = RotateLeft(_state[1] * 5, 7) * 9;
        var t = _state[1] << 17;
        _state[2] ^= _state[0];
        _state[3] ^= _state[1];
        _state[1] ^= _state[2];
        _state[0] ^= _state[3];
        _state[2] ^= t;
        _state[3] = RotateLeft(_state[3], 45);
        return result;
    }

    /// <summary>0 or more, below <paramref name="exclusiveMaximum"/>, without bias.</summary>
    public int Next(int exclusiveMaximum)
    {
        if (exclusiveMaximum <= 0) throw new ArgumentOutOfRangeException(nameof(exclusiveMaximum));
        var bound = (ulong)exclusiveMaximum;
        var threshold = (0UL - bound) % bound;
        while (true)
        {
            var draw = NextUInt64();
            if (draw >= threshold) return (int)(draw % bound);
        }
    }

    /// <summary>0 or more, below 1.</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    private static ulong RotateLeft(ulong value, int count) => (value << count) | (value >> (64 - count));

    private static ulong SplitMix(ref ulong state)
    {
        state += 0x9E3779B97F4A7C15UL;
        var z = state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }
}

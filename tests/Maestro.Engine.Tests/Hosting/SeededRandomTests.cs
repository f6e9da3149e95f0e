using Maestro.Engine.Hosting;

namespace Maestro.Engine.Tests.Hosting;

public sealed class SeededRandomTests
{
    [Fact]
    public void The_generator_is_xoshiro256_starstar_seeded_by_splitmix64()
    {
        // splitmix64 of 0 gives the state e220a8397b1dcdaf 6e789e6aa1b965f4 06c45d188009454f f88bb8a8724c81ec;
        // the first output is rotl(s1 * 5, 7) * 9 of it.
        var s1 = unchecked(0x6e789e6aa1b965f4UL * 5);
        var expected = unchecked(((s1 << 7) | (s1 >> 57)) * 9);
        Assert.Equal(expected, new SeededRandom(0).NextUInt64());
    }

    [Fact]
    public void A_stream_does_not_depend_on_what_was_drawn_before()
    {
        var one = new SeededRandom(7);
        var other = new SeededRandom(7);
        other.NextUInt64();
        Assert.Equal(one.Stream("faults").NextUInt64(), other.Stream("faults").NextUInt64());
        Assert.NotEqual(one.Stream("faults").NextUInt64(), one.Stream("times").NextUInt64());
    }

    [Fact]
    public void Draws_below_a_bound_reach_every_value_and_never_the_bound()
    {
        var random = new SeededRandom(3);
        Assert.Equal(Enumerable.Range(0, 7), Enumerable.Range(0, 2000).Select(_ => random.Next(7)).Distinct().Order());
    }
}

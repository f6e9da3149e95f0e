using Maestro.Engine.Hosting;

namespace Maestro.Simulation.Detection;

/// <summary>Makes detection histories of seeds.</summary>
internal static class DetectionScenarios
{
    /// <summary>All that may happen, each seed with a mix of its own.</summary>
    public static DetectionScenario Swarm(int seed, TimeSpan length)
    {
        var random = new SeededRandom((ulong)(uint)seed).Stream("detection");
        var mix = Enum.GetValues<DetectionFault>().Where(_ => random.NextDouble() < 0.6).ToList();
        if (mix.Count == 0) mix.Add(DetectionFault.Death);
        return new DetectionScenario
        {
            Seed = seed,
            Length = length,
            Members = 2 + random.Next(51),
            Observers = 2 + random.Next(2),
            Entries = Fill(random, mix, length, meanSeconds: 60 + random.Next(300)),
        };
    }

    /// <summary>52 members of which one dies now and then: what the figures are for.</summary>
    public static DetectionScenario Deaths(int seed, TimeSpan length, ProbeLoss loss)
    {
        var random = new SeededRandom((ulong)(uint)seed).Stream("deaths");
        return new DetectionScenario { Seed = seed, Length = length, Loss = loss, Entries = Fill(random, [DetectionFault.Death], length, meanSeconds: 600) };
    }

    private static List<DetectionEntry> Fill(SeededRandom random, IReadOnlyList<DetectionFault> mix, TimeSpan length, int meanSeconds)
    {
        var entries = new List<DetectionEntry>();
        // The observers must know the network a little.
        var at = TimeSpan.FromSeconds(20);
        while (true)
        {
            at += TimeSpan.FromTicks((long)(-Math.Log(1 - random.NextDouble()) * meanSeconds * TimeSpan.TicksPerSecond));
            if (at >= length) return entries;
            entries.Add(new DetectionEntry(at, mix[random.Next(mix.Count)], (int)(random.NextUInt64() & 0x7FFFFFFF)));
        }
    }
}

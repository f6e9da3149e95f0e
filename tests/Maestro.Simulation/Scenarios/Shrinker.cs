namespace Maestro.Simulation.Scenarios;

/// <summary>Takes out of a failing scenario whatever it fails without: ever smaller pieces of its entries, until no single one can go.</summary>
internal static class Shrinker
{
    /// <param name="scenario">Fails.</param>
    /// <param name="fails">Whether a scenario fails in the same way.</param>
    /// <param name="most">How many scenarios are tried.</param>
    public static Scenario Shrink(Scenario scenario, Func<Scenario, bool> fails, int most = 1000)
    {
        var tried = 0;
        var entries = scenario.Entries.ToList();
        for (var size = Math.Max(1, entries.Count / 2); ; size = Math.Max(1, size / 2))
        {
            var isSmaller = false;
            for (var at = 0; at < entries.Count && tried < most;)
            {
                var without = entries.Take(at).Concat(entries.Skip(at + size)).ToList();
                tried++;
                if (fails(scenario with { Entries = without }))
                {
                    entries = without;
                    isSmaller = true;
                }
                else
                {
                    at += size;
                }
            }

            if (tried >= most || (size == 1 && !isSmaller)) break;
        }

        var shrunk = scenario with { Entries = entries };
        // What comes after the last entry is only waiting.
        var ends = entries.Count == 0 ? TimeSpan.Zero : TimeSpan.FromMinutes(Math.Ceiling(entries[^1].At.TotalMinutes));
        var shorter = shrunk with { Length = ends };
        return ends < scenario.Length && fails(shorter) ? shorter : shrunk;
    }
}

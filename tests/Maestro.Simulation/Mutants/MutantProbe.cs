using System.Globalization;

namespace Maestro.Simulation.Mutants;

/// <summary>Runs inside the planted engine's load context; speaks in text, for types there are not the types here.</summary>
public static class MutantProbe
{
    /// <returns>Empty when no seed failed; else how many histories it took, the seed, and what broke, by tabs.</returns>
    public static string Run(int first, int seeds, double hours, int threads, double seconds)
    {
        var options = new SimulationOptions { First = first, Seeds = seeds, Hours = hours, Threads = threads, Minutes = seconds / 60 };
        var run = new SeedRun(options);
        run.Run(_ => { }, stopAt: 1);
        if (run.Failures.Count == 0) return "";
        var failure = run.Failures.MinBy(f => f.Scenario.Seed)!;
        return string.Join("\t", run.Histories.ToString(CultureInfo.InvariantCulture), failure.Scenario.Seed.ToString(CultureInfo.InvariantCulture), failure.Failure);
    }
}

using System.Globalization;
using Maestro.Simulation.Histories;
using Maestro.Simulation.Scenarios;

namespace Maestro.Simulation.Mutants;

/// <summary>Runs inside the planted engine's load context; speaks in text, for types there are not the types here.</summary>
public static class MutantProbe
{
    /// <summary>The invariant that a scenario, as text, breaks; empty when it holds.</summary>
    public static string Replay(string scenario) => History.Run(ScenarioFile.Read(scenario).Scenario).Invariant;

    /// <summary>Runs seeds until one fails, and when <paramref name="keep"/> names a folder writes the least of it there.</summary>
    /// <returns>Empty when no seed failed; else how many histories it took, the seed, and what broke, by tabs.</returns>
    public static string Run(int first, int seeds, double hours, int threads, double seconds, string mutant, string keep, string[] focus)
    {
        var options = new SimulationOptions { First = first, Seeds = seeds, Hours = hours, Threads = threads, Minutes = seconds / 60, Focus = focus };
        var run = new SeedRun(options);
        run.Run(_ => { }, stopAt: 1);
        if (run.Failures.Count == 0) return "";
        var failure = run.Failures.MinBy(f => f.Scenario.Seed)!;
        if (keep.Length > 0)
        {
            var kept = Report.Shrink(failure, most: focus.Contains(ClusteringMaker.Focus) ? 30 : 80) with { Mutant = mutant };
            File.WriteAllText(Path.Combine(keep, new string([.. mutant.Select(c => char.IsLetter(c) ? c : '-')]).Trim('-') + ".scenario"), ScenarioFile.Write(kept));
        }

        return string.Join("\t", run.Histories.ToString(CultureInfo.InvariantCulture), failure.Scenario.Seed.ToString(CultureInfo.InvariantCulture), failure.Failure);
    }
}

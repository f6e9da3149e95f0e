using System.Diagnostics;
using System.Globalization;
using Maestro.Simulation.Scenarios;

namespace Maestro.Simulation.Mutants;

/// <summary>Plants every bug in turn, runs seeds until one fails, and prints which invariant caught it.</summary>
internal static class MutantRun
{
    /// <summary>Of a hundred, how many must be caught.</summary>
    private const int Wanted = 95;

    public static int Run(SimulationOptions options, TextWriter output)
    {
        var misfits = PlantedEngine.FindMisfits(Repository(), AllMutants.List);
        foreach (var misfit in misfits) output.WriteLine($"'{misfit.Name}' cannot be planted: what it replaces does not stand exactly once in {misfit.File}. Follow the engine's change in AllMutants.");
        var plantable = AllMutants.List.Except(misfits).ToList();
        var mutants = plantable.Where(m => options.Only.Count == 0 || options.Only.Any(o => m.Name.Contains(o, StringComparison.OrdinalIgnoreCase))).Skip(options.Skip).ToList();
        var engine = PlantedEngine.Build(Repository(), plantable);
        if (options.Scenario.Length > 0) return Try(engine, mutants, options, output);
        var healthy = engine.Probe("", options with { Seeds = 10 });
        if (healthy.Length > 0)
        {
            output.WriteLine($"Without a bug planted there is a failure already: {healthy}");
            return 1;
        }

        var misses = 0;
        IReadOnlyList<(string Name, KeptScenario Kept)> kept = options.Fresh ? [] : KeptScenarios.All();
        foreach (var (name, one) in kept.Where(k => k.Kept.Mutant.Length > 0))
        {
            if (engine.Replay(one.Mutant, ScenarioFile.Write(one)).Length > 0) continue;
            misses++;
            output.WriteLine($"The kept scenario {name} does not fail with '{one.Mutant}' planted.");
        }

        var caught = 0;
        output.WriteLine("| planted bug | caught by | histories | seconds |");
        output.WriteLine("|---|---|---|---|");
        foreach (var mutant in mutants)
        {
            var clock = Stopwatch.StartNew();
            // As in every run, the kept scenarios come first; of them the bug's own.
            var (name, broken) = kept.OrderBy(k => k.Kept.Mutant != mutant.Name).Select(k => (k.Name, Invariant: engine.Replay(mutant.Name, ScenarioFile.Write(k.Kept)))).FirstOrDefault(k => k.Invariant.Length > 0);
            var answer = broken is null ? engine.Probe(mutant.Name, options).Split('\t') : ["kept", name, broken];
            var isCaught = answer.Length == 3;
            if (isCaught) caught++;
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {mutant.Name} | {(isCaught ? answer[2].Split(':')[0] : "**survives**")} | {(isCaught ? answer[0] : "-")} | {clock.Elapsed.TotalSeconds:0} |"));
            if (options.Trace && isCaught) output.WriteLine($"  seed {answer[1]}: {answer[2]}");
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{caught} of {mutants.Count} planted bugs caught, {100.0 * caught / Math.Max(1, mutants.Count):0.0} %"));
        return misfits.Count == 0 && misses == 0 && caught * 100 >= mutants.Count * Wanted ? 0 : 1;
    }

    /// <summary>Only what those scenarios break with each bug.</summary>
    private static int Try(PlantedEngine engine, IReadOnlyList<Mutant> mutants, SimulationOptions options, TextWriter output)
    {
        foreach (var (name, kept) in KeptScenarios.At(options.Scenario))
        {
            var healthy = engine.Replay("", ScenarioFile.Write(kept));
            foreach (var mutant in mutants) output.WriteLine($"{name} | {mutant.Name} | {engine.Replay(mutant.Name, ScenarioFile.Write(kept))}{(healthy.Length > 0 ? " | without it " + healthy : "")}");
        }

        return 0;
    }

    public static string Repository()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Maestro.sln"))) return folder.FullName;
        }

        throw new InvalidOperationException("The sources are needed to plant bugs, and this is not run inside the repository.");
    }
}

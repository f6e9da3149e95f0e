using System.Diagnostics;
using System.Globalization;
using Maestro.Simulation.Detection;
using Maestro.Simulation.Histories;
using Maestro.Simulation.Mutants;
using Maestro.Simulation.Scenarios;

namespace Maestro.Simulation;

/// <summary>Runs histories and says what came of them. Exit code: 0 all invariants held, 1 one broke, 64 the arguments make no sense.</summary>
internal static class SimulationCommand
{
    public static int Run(string[] arguments, TextWriter output)
    {
        SimulationOptions options;
        try
        {
            options = SimulationOptions.Parse(arguments);
        }
        catch (FormatException fault)
        {
            output.WriteLine(fault.Message);
            return 64;
        }

        if (options.Detection) return DetectionRun.Run(options, output);
        if (options.Figures) return Measure(options, output);
        if (options.Mutants) return MutantRun.Run(options, output);
        if (options.Scenario.Length > 0) return RunScenarios(options, output);
        return options.Seed is { } seed ? RunOne(seed, options, output) : RunMany(options, output);
    }

    private static int RunOne(int seed, SimulationOptions options, TextWriter output)
    {
        var result = History.Run(ScenarioMaker.Make(seed, options.Length, options.Focus), options.Trace ? output : null);
        output.WriteLine($"seed {Text(seed)}: {(result.Holds ? "all invariants held" : result.Failure)}");
        if (options.Shrink.Length > 0 && !result.Holds)
        {
            var kept = Report.Shrink(result);
            File.WriteAllText(options.Shrink, ScenarioFile.Write(kept));
            output.WriteLine($"{Text(result.Scenario.Entries.Count)} entries shrunk to {Text(kept.Scenario.Entries.Count)}: {options.Shrink}");
        }

        output.WriteLine($"trace {result.TraceHash}, {Text(result.Events)} events, {result.VirtualTime:c} of virtual time");
        return result.Holds ? 0 : 1;
    }

    private static int RunScenarios(SimulationOptions options, TextWriter output)
    {
        var broken = 0;
        foreach (var (name, kept) in KeptScenarios.At(options.Scenario))
        {
            var result = History.Run(kept.Scenario, options.Trace ? output : null);
            if (!result.Holds) broken++;
            output.WriteLine($"{name}: {(result.Holds ? "all invariants held" : result.Failure)}");
        }

        return broken == 0 ? 0 : 1;
    }

    private static int RunMany(SimulationOptions options, TextWriter output)
    {
        var clock = Stopwatch.StartNew();
        var broken = Regressions(options.Focus.Contains(ClusteringMaker.Focus), output);
        var run = new SeedRun(options);
        run.Run(result =>
        {
            if (!result.Holds) Report.Failure(result, options, output);
        });
        Report.Summary(run, clock.Elapsed, output);
        return run.Failures.Count == 0 && broken == 0 && !Report.IsFailure(run) ? 0 : 1;
    }

    /// <summary>One group as large as they come, on one site, with all that befalls it: what the speed is judged by.</summary>
    private static int Measure(SimulationOptions options, TextWriter output)
    {
        var clock = Stopwatch.StartNew();
        var run = new SeedRun(options with { Threads = 1 }, seed =>
        {
            var scenario = ScenarioMaker.Make(seed, options.Length);
            return scenario with { Shape = new WorldShape { Sites = 1, GroupSizes = [ScenarioMaker.LargestGroup], Spares = 3, Machines = 1, Controllers = 2 } };
        });
        run.Run(result =>
        {
            if (!result.Holds) output.WriteLine($"seed {Text(result.Scenario.Seed)} in a world of one group of {Text(ScenarioMaker.LargestGroup)} breaks {result.Failure}");
        });
        Report.Figures(run, clock.Elapsed, output);
        return run.Failures.Count == 0 ? 0 : 1;
    }

    /// <summary>The kept scenarios come first, of steered worlds where those are asked for. Answers how many fail.</summary>
    private static int Regressions(bool steered, TextWriter output)
    {
        var broken = 0;
        foreach (var (name, kept) in KeptScenarios.All().Where(k => k.Kept.Scenario.Shape.Watches is not null == steered))
        {
            var result = History.Run(kept.Scenario);
            if (result.Holds) continue;
            broken++;
            output.WriteLine($"kept scenario {name}: {result.Failure}");
        }

        return broken;
    }

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}

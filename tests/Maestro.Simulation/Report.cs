using System.Diagnostics;
using System.Globalization;
using Maestro.Simulation.Histories;
using Maestro.Simulation.Scenarios;
using Maestro.Simulation.Traffic;

namespace Maestro.Simulation;

/// <summary>What a person reads.</summary>
internal static class Report
{
    private const int EnoughForAllCells = 5000;

    public static void Failure(HistoryResult result, SimulationOptions options, TextWriter output)
    {
        output.WriteLine();
        output.WriteLine($"seed {Text(result.Scenario.Seed)} at commit {Commit()} breaks {result.Failure}");
        foreach (var line in result.Last) output.WriteLine("  " + line);
        output.WriteLine($"replay: dotnet run -c Release --project tests/Maestro.Simulation -- --seed {Text(result.Scenario.Seed)} --hours {options.Hours.ToString(CultureInfo.InvariantCulture)}{(options.Focus.Count == 0 ? "" : " --focus " + string.Join(",", options.Focus))} --trace");
        output.WriteLine();
    }

    /// <summary>The least that fails in the same way.</summary>
    public static KeptScenario Shrink(HistoryResult result, int most = 1000)
    {
        // What comes after the failure has no part in it, unless it is one of the end.
        var before = result.Scenario with { Entries = [.. result.Scenario.Entries.Where(e => e.At <= result.VirtualTime)] };
        var least = Shrinker.Shrink(Fails(before) ? before : result.Scenario, Fails, most);
        return new KeptScenario(least) { Invariant = result.Invariant, Commit = Commit() };

        bool Fails(Scenario scenario) => History.Run(scenario).Invariant == result.Invariant;
    }

    public static void Summary(SeedRun run, TimeSpan took, TextWriter output)
    {
        run.Coverage.Print(output);
        var empty = run.Coverage.Empty();
        output.WriteLine(empty.Count == 0 ? "Every cell that could occur did." : $"{Text(empty.Count)} cells that could occur are empty: {string.Join("; ", empty)}");
        if (IsFailure(run)) output.WriteLine(run.Histories == 0 ? "No history was run." : "So many histories must reach every cell.");
        Figures(run, took, output);
    }

    /// <summary>How fast it was, what of, and what memory it held.</summary>
    public static void Figures(SeedRun run, TimeSpan took, TextWriter output)
    {
        var hours = Math.Max(run.VirtualTime.TotalHours, 1e-9);
        output.WriteLine($"{Text(run.Histories)} histories, {run.VirtualTime.TotalHours.ToString("0.0", CultureInfo.InvariantCulture)} virtual hours in {took.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture)} s: {Text((long)(run.VirtualTime.TotalSeconds / Math.Max(run.Work.TotalSeconds, 1e-9)))} virtual seconds per second of one core");
        output.WriteLine($"per virtual hour: {Text((long)(run.Events / hours))} events ({Text((long)(run.TrafficEvents / hours))} of them connections'), {Text((long)(run.Steps / hours))} engine steps, {Text((long)(run.Checks / hours))} invariant checks ({Text((long)(run.Judgements / hours))} of them on something that had changed), {Text((long)(run.StoreCalls / hours))} store commits, {Text((long)(run.FabricCalls / hours))} fabric calls");
        Lost(run, hours, output);
        if (run.Conversations.Began > 0) output.WriteLine($"conversations through steered groups: {Text(run.Conversations.Began)} began, {Text(run.Conversations.Lost)} were lost, {Text(run.Conversations.Refused)} found nobody; {Text(run.Conversations.Gaps)} gaps, the longest {run.Conversations.LongestGap.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture)} s");
        output.WriteLine($"memory after so many histories, objects / process: {string.Join(", ", run.Memory.Select(m => $"{Text(m.Histories)}: {Megabytes(m.ObjectBytes)} / {Megabytes(m.ProcessBytes)} MB"))}");
        output.WriteLine($"{Text(run.Failures.Count)} of {Text(run.Histories)} histories broke an invariant");
    }

    private static void Lost(SeedRun run, double hours, TextWriter output)
    {
        var traffic = run.Traffic;
        output.WriteLine($"connections per virtual hour: {Text((long)(traffic.Arrived / hours))} came, {Text((long)(traffic.Synced / hours))} were copied, {Text((long)(traffic.Refused / hours))} found nobody");
        foreach (var by in Enum.GetValues<OutBy>())
        {
            output.WriteLine($"  members out by {by}: {Text(traffic.Carried[(int)by])} connections carried over, {Text(traffic.LostSynced[(int)by])} lost with their copy, {Text(traffic.LostYoung[(int)by])} lost without one");
        }
    }

    /// <summary>A run that is long enough to reach every cell, and did not; and one of nothing, which proves nothing.</summary>
    public static bool IsFailure(SeedRun run) => run.Histories == 0 || (run.Histories >= EnoughForAllCells && run.Coverage.Empty().Count > 0);

    /// <summary>The commit of the work tree; empty outside one.</summary>
    public static string Commit()
    {
        try
        {
            using var git = Process.Start(new ProcessStartInfo("git", "rev-parse --short HEAD") { RedirectStandardOutput = true, RedirectStandardError = true });
            var commit = git?.StandardOutput.ReadToEnd().Trim() ?? "";
            return commit.Length > 0 ? commit : "unknown";
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return "unknown";
        }
    }

    private static string Megabytes(long bytes) => (bytes / 1e6).ToString("0.0", CultureInfo.InvariantCulture);

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}

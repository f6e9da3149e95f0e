using System.Diagnostics;
using System.Globalization;

namespace Maestro.Simulation.Detection;

/// <summary>Runs detection histories side by side and says what they came to.</summary>
internal static class DetectionRun
{
    private const double HoursOfYear = 365.25 * 24;

    /// <summary>The swarm's, unless only figures are wanted, then these: deaths under independent loss, and under loss in bursts.</summary>
    public static int Run(SimulationOptions options, TextWriter output)
    {
        if (options.Seed is { } seed)
        {
            var one = DetectionHistory.Run(DetectionScenarios.Swarm(seed, options.Length));
            if (options.Trace) foreach (var line in one.Trace) output.WriteLine(line);
            output.WriteLine($"seed {seed.ToString(CultureInfo.InvariantCulture)}: {(one.Failure.Length == 0 ? "all was judged as it should" : one.Failure)}");
            return one.Failure.Length == 0 ? 0 : 1;
        }

        var failed = options.Figures ? 0 : Run("whatever may happen, 2 to 52 members", options, s => DetectionScenarios.Swarm(s, options.Length), output);
        failed += Run("52 members, one in a hundred probes lost", options, s => DetectionScenarios.Deaths(s, options.Length, ProbeLoss.Independent), output);
        failed += Run("52 members, loss in bursts (12 % of all probes)", options, s => DetectionScenarios.Deaths(s, options.Length, ProbeLoss.Bursty), output);
        return failed == 0 ? 0 : 1;
    }

    private static int Run(string name, SimulationOptions options, Func<int, DetectionScenario> make, TextWriter output)
    {
        var clock = Stopwatch.StartNew();
        var before = Environment.CpuUsage.TotalTime;
        var results = RunAll(options, make);
        var work = Environment.CpuUsage.TotalTime - before;
        output.WriteLine($"{name}: {Text(results.Count)} histories, {Text(results.Sum(r => r.VirtualTime.TotalHours))} virtual hours in {Text(clock.Elapsed.TotalSeconds)} s, {Text(results.Sum(r => r.VirtualTime.TotalSeconds) / Math.Max(work.TotalSeconds, 1e-9))} virtual seconds and {Text(results.Sum(r => r.Probes) / Math.Max(work.TotalSeconds, 1e-9))} probes per second of one core");
        var latencies = results.SelectMany(r => r.Latencies).Order().ToList();
        output.WriteLine($"  {Text(results.Sum(r => r.Judged))} deaths judged; of {Text(latencies.Count)} by itself after {Milliseconds(latencies, 0.5)} ms in the median, {Milliseconds(latencies, 0.99)} ms in 99 of 100, {Milliseconds(latencies, 1)} ms at most");
        var (cuts, single) = (results.Sum(r => r.Cuts.All), results.Sum(r => r.Cuts.Single));
        if (cuts > 0) output.WriteLine($"  {Text(cuts)} times half of a group at once, {Text(single)} of them one event");
        var years = results.Sum(r => r.VirtualTime.TotalHours * r.Scenario.Members) / HoursOfYear;
        var wrong = results.Sum(r => r.False);
        output.WriteLine($"  {Text(wrong)} members that were there judged lost in {years.ToString("0.00", CultureInfo.InvariantCulture)} member-years: at most {(MostExpected(wrong) / Math.Max(years, 1e-9) * 10).ToString("0.0", CultureInfo.InvariantCulture)} in ten, with 95 % confidence");
        foreach (var failure in results.Where(r => r.Failure.Length > 0).Take(5))
        {
            output.WriteLine($"  seed {failure.Scenario.Seed.ToString(CultureInfo.InvariantCulture)} at commit {Report.Commit()}: {failure.Failure}");
            foreach (var line in failure.Trace.TakeLast(40)) output.WriteLine("    " + line);
        }

        return results.Count(r => r.Failure.Length > 0);
    }

    private static List<DetectionResult> RunAll(SimulationOptions options, Func<int, DetectionScenario> make)
    {
        var results = new DetectionResult[options.Seeds];
        var next = -1;
        var threads = Enumerable.Range(0, Math.Max(1, options.Threads)).Select(_ => new Thread(() =>
        {
            for (var i = Interlocked.Increment(ref next); i < results.Length; i = Interlocked.Increment(ref next)) results[i] = DetectionHistory.Run(make(options.First + i));
        }) { IsBackground = true }).ToList();
        foreach (var thread in threads) thread.Start();
        foreach (var thread in threads) thread.Join();
        return [.. results];
    }

    /// <summary>The largest mean of a Poisson count of which so few, or fewer, are seen once in twenty times; by bisection of its distribution function.</summary>
    public static double MostExpected(int seen)
    {
        double low = seen, high = (2 * seen) + 20;
        for (var i = 0; i < 60; i++)
        {
            var mean = (low + high) / 2;
            double term = Math.Exp(-mean), sum = term;
            for (var k = 1; k <= seen; k++) sum += term *= mean / k;
            if (sum > 0.05) low = mean;
            else high = mean;
        }

        return high;
    }

    private static string Milliseconds(List<TimeSpan> sorted, double share) => sorted.Count == 0 ? "-" : Text(sorted[Math.Min(sorted.Count - 1, (int)(share * sorted.Count))].TotalMilliseconds);

    private static string Text(double value) => value.ToString("0", CultureInfo.InvariantCulture);
}

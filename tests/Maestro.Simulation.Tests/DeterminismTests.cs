using System.Diagnostics;
using System.Globalization;
using Maestro.Simulation.Histories;
using Maestro.Simulation.Scenarios;

namespace Maestro.Simulation.Tests;

/// <summary>One seed is one history, wherever and however often it is run.</summary>
public sealed class DeterminismTests
{
    private const int Seeds = 6;
    private const string Hours = "0.25";

    private static readonly TimeSpan Length = TimeSpan.FromHours(double.Parse(Hours, CultureInfo.InvariantCulture));

    [Fact]
    public void A_seed_run_again_gives_the_same_bytes()
    {
        for (var seed = 1; seed <= Seeds; seed++) Assert.Equal(Hash(seed), Hash(seed));
    }

    [Fact]
    public void Different_seeds_give_different_histories() =>
        Assert.Equal(Seeds, Enumerable.Range(1, Seeds).Select(Hash).Distinct(StringComparer.Ordinal).Count());

    [Fact]
    public void Another_process_with_another_culture_and_time_zone_gives_the_same_bytes()
    {
        foreach (var seed in new[] { 2, 7 }) Assert.Contains("trace " + Hash(seed), Elsewhere(seed), StringComparison.Ordinal);
    }

    private static string Hash(int seed) => History.Run(ScenarioMaker.Make(seed, Length)).TraceHash;

    private static string Elsewhere(int seed)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(History).Assembly.Location, "--seed", seed.ToString(CultureInfo.InvariantCulture), "--hours", Hours]) { RedirectStandardOutput = true };
        start.Environment["LANG"] = "tr_TR.UTF-8";
        start.Environment["LC_ALL"] = "tr_TR.UTF-8";
        start.Environment["TZ"] = "Asia/Kathmandu";
        start.Environment["DOTNET_TieredCompilation"] = "0";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output;
    }
}

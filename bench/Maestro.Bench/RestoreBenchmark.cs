using System.Globalization;

namespace Maestro.Bench;

/// <summary>How long it takes to bring any of a group's last fifty policies back: from asking which version that is to the last member's confirmation.</summary>
internal static class RestoreBenchmark
{
    public const int Generations = 50;

    public const string Header = "| gateways | rules | versions kept | restore of one of them, median of 5 | longest |\n|---:|---:|---:|---:|---:|";

    public static async Task<string> RunAsync(int gateways, int rules)
    {
        await using var group = await BenchGroup.StartAsync(gateways);
        for (var generation = 1; generation <= Generations; generation++) await group.SyncAsync(1000 + generation, rules);
        var times = new List<TimeSpan>();
        // The oldest, the newest but one, and three between.
        foreach (var version in new[] { 1, 13, 25, 37, Generations - 1 })
        {
            times.Add(await BenchGroup.TimeAsync(async () => await group.RunAsync((await group.Host.PrepareRestoreAsync(BenchGroup.Name, version, CancellationToken.None)).Change)));
            foreach (var gateway in group.Bed.Gateways)
            {
                var port = (1000 + version).ToString(CultureInfo.InvariantCulture);
                if (!(await group.Bed.NftListAsync(gateway, "list", "table", "inet", "web")).Contains($"udp dport {port} drop", StringComparison.Ordinal)) throw new InvalidOperationException($"{gateway.Id} does not hold version {version}.");
            }
        }

        times.Sort();
        return string.Format(CultureInfo.InvariantCulture, "| {0} | {1} | {2} | {3:0.0} s | {4:0.0} s |", gateways, rules, Generations, times[2].TotalSeconds, times[^1].TotalSeconds);
    }
}

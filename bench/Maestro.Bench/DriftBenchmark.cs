using System.Globalization;

namespace Maestro.Bench;

/// <summary>How long one pass over a group takes that finds a rule which somebody added by hand on one member, and on no other.</summary>
internal static class DriftBenchmark
{
    public const string Header = "| gateways | rules | a pass that finds the drift, median of 5 | longest | the same by ClusterShell (list, hash), median of 5 |\n|---:|---:|---:|---:|---:|";

    public static async Task<string> RunAsync(int gateways, int rules)
    {
        await using var group = await BenchGroup.StartAsync(gateways);
        await group.SyncAsync(1000, rules);
        var drifted = group.Bed.Gateways[gateways / 2];
        (await group.Bed.RunInsideAsync(drifted, "nft add rule inet web forward udp dport 9 accept")).EnsureSuccess();
        var times = new List<TimeSpan>();
        for (var run = 0; run < 5; run++)
        {
            times.Add(await BenchGroup.TimeAsync(async () =>
            {
                var seen = await group.Host.ComparePolicyAsync(BenchGroup.Name, [], CancellationToken.None);
                var found = seen.Where(c => c.Difference.Count > 0).ToList();
                if (found is not [var only] || !only.Unified.Any(l => l.Contains("udp dport 9 accept", StringComparison.Ordinal))) throw new InvalidOperationException($"Found on {found.Count} members.");
            }));
        }

        times.Sort();
        var clush = await Tool.MedianAsync(5, _ => Task.CompletedTask, async _ => await SyncBenchmark.ListByClusterShellAsync(group.Bed, "web"));
        return string.Format(CultureInfo.InvariantCulture, "| {0} | {1} | {2:0.00} s | {3:0.00} s | {4:0.00} s |", gateways, rules, times[2].TotalSeconds, times[^1].TotalSeconds, clush);
    }
}

using System.Globalization;
using Maestro.Testbeds;

namespace Maestro.Bench;

/// <summary>
/// What iperf3 brings from clients to servers: through an orchestrator alone, through it and one gateway by plain routes, and through it and a group of so
/// many gateways. All of them share the machine's processors, so the ratios say what steering costs, not what gateways add.
/// </summary>
internal static class ThroughputBenchmark
{
    private const int Streams = 8;
    private const int Runs = 3;

    private static readonly TimeSpan Time = TimeSpan.FromSeconds(5);

    public const string Header = "| gateways | the path without gateways | one gateway, plain routes | the group | group / one gateway | group / path |\n|---:|---:|---:|---:|---:|---:|";

    public static async Task<string> RunAsync(int gateways)
    {
        await using var bed = await Testbed.StartAsync(new TestbedOptions { Gateways = gateways, Orchestrators = 1 });
        var path = await MedianAsync(bed);
        var (orchestrator, first) = (bed.Orchestrators[0], bed.Gateways[0]);
        // What comes in on an uplink goes to the one gateway.
        await RouteAsync("add");
        var one = await MedianAsync(bed);
        await RouteAsync("delete");
        await using var group = await BenchGroup.StartAsync(bed);
        await group.SyncAsync(1000, rules: 1);
        var whole = await MedianAsync(bed);
        return string.Create(CultureInfo.InvariantCulture, $"| {gateways} | {path / 1e9:0.0} Gbit/s | {one / 1e9:0.0} Gbit/s | {whole / 1e9:0.0} Gbit/s | {whole / one:0.00} | {whole / path:0.00} |");

        async Task RouteAsync(string verb) => (await bed.RunInsideAsync(orchestrator, $"""
            set -e
            ip rule {verb} iif eth4 lookup 901 priority 901
            ip rule {verb} iif eth5 lookup 902 priority 902
            ip route {verb} default via {first.OutsideAddress} table 901
            ip route {verb} default via {first.InsideAddress} table 902
            """)).EnsureSuccess();
    }

    private static async Task<double> MedianAsync(Testbed bed)
    {
        var rates = new List<double>();
        for (var run = 0; run < Runs; run++) rates.Add(await bed.MeasureThroughputAsync(Streams, Time));
        rates.Sort();
        return rates[Runs / 2];
    }
}

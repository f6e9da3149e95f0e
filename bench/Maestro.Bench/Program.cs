using System.Globalization;
using Maestro.Bench;

// What can be measured beside the whole table: a name, and numbers that say how large (members, or rules of a policy).
var parts = new Dictionary<string, (string Header, int[] Sizes, Func<int, Task<IReadOnlyList<string>>> RunAsync)>
{
    ["simulated"] = (SimulatedSyncBenchmark.Header, [52, 1000], async members => [await SimulatedSyncBenchmark.RunAsync(members)]),
    ["mixture"] = (MixtureBenchmark.Header, [1, 1000], async rules => [await MixtureBenchmark.RunAsync(8, rules)]),
    ["restore"] = (RestoreBenchmark.Header, [100], async rules => [await RestoreBenchmark.RunAsync(16, rules)]),
    ["drift"] = (DriftBenchmark.Header, [100], async rules => [await DriftBenchmark.RunAsync(64, rules)]),
    ["large"] = (SyncBenchmark.Header, [64], async gateways =>
    {
        await RowsAsync(new SyncBenchmark(rules: 10_000, runs: 1), gateways, Console.WriteLine);
        return [];
    }),
    ["losses"] = (LossBenchmark.Header, [20], async cycles => [await LossBenchmark.RunAsync(cycles, Console.Error.WriteLine)]),
    ["throughput"] = (ThroughputBenchmark.Header, [4], async gateways => [await ThroughputBenchmark.RunAsync(gateways)]),
    ["distribution"] = (DistributionBenchmark.Header, [52], members => Task.FromResult<IReadOnlyList<string>>([.. DistributionBenchmark.Run(members)])),
};

Console.WriteLine(await Versions.DescribeAsync());
Console.WriteLine();
if (args.Length > 0 && parts.TryGetValue(args[0], out var part))
{
    Console.WriteLine(part.Header);
    foreach (var size in args.Length > 1 ? args.Skip(1).Select(a => int.Parse(a, CultureInfo.InvariantCulture)) : part.Sizes)
    {
        foreach (var row in await part.RunAsync(size)) Console.WriteLine(row);
    }

    return 0;
}

// Sizes of the group, in gateways; "import" for the import alone.
var sizes = args.Length > 0 ? args.Where(a => a != "import").Select(a => int.Parse(a, CultureInfo.InvariantCulture)).ToList() : [16, 64];
Console.WriteLine("| import in a fresh process | time | working set |");
Console.WriteLine("|---|---:|---:|");
foreach (var row in await ImportBenchmark.RunAsync()) Console.WriteLine(row);
Console.WriteLine();
Console.WriteLine(SyncBenchmark.Header);
foreach (var size in sizes) await RowsAsync(new SyncBenchmark(rules: 1000, runs: 5), size, Console.WriteLine);
return 0;

// Each as it is known, for a run takes long.
static async Task RowsAsync(SyncBenchmark benchmark, int gateways, Action<string> print)
{
    await foreach (var row in benchmark.RunAsync(gateways)) print(row);
}

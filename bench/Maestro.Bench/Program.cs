using System.Globalization;
using Maestro.Bench;

if (args is ["simulated", ..])
{
    Console.WriteLine(await Versions.DescribeAsync());
    Console.WriteLine();
    Console.WriteLine(SimulatedSyncBenchmark.Header);
    foreach (var size in args.Length > 1 ? args.Skip(1).Select(a => int.Parse(a, CultureInfo.InvariantCulture)) : [52, 1000]) Console.WriteLine(await SimulatedSyncBenchmark.RunAsync(size));
    return 0;
}

if (args is ["mixture", ..])
{
    Console.WriteLine(await Versions.DescribeAsync());
    Console.WriteLine();
    Console.WriteLine(MixtureBenchmark.Header);
    foreach (var rules in args.Length > 1 ? args.Skip(1).Select(a => int.Parse(a, CultureInfo.InvariantCulture)) : [1, 1000]) Console.WriteLine(await MixtureBenchmark.RunAsync(8, rules));
    return 0;
}

if (args is ["distribution", ..])
{
    Console.WriteLine(await Versions.DescribeAsync());
    Console.WriteLine();
    Console.WriteLine(DistributionBenchmark.Header);
    foreach (var size in args.Length > 1 ? args.Skip(1).Select(a => int.Parse(a, CultureInfo.InvariantCulture)) : [52])
    {
        foreach (var row in DistributionBenchmark.Run(size)) Console.WriteLine(row);
    }

    return 0;
}

// Sizes of the group, in gateways; "import" for the import alone; "simulated" and sizes for simulated members; "mixture" and
// numbers of rules for how long a group judges by two policies; "distribution" and sizes for the slot table beside its rivals.
var sizes = args.Length > 0 ? args.Where(a => a != "import").Select(a => int.Parse(a, CultureInfo.InvariantCulture)).ToList() : [16, 64];
Console.WriteLine(await Versions.DescribeAsync());
Console.WriteLine();
Console.WriteLine("| import in a fresh process | time | working set |");
Console.WriteLine("|---|---:|---:|");
foreach (var row in await ImportBenchmark.RunAsync()) Console.WriteLine(row);
Console.WriteLine();
Console.WriteLine("| gateways | connections | the phases alone | Maestro | ClusterShell | Ansible | ClusterShell / Maestro | Ansible / Maestro |");
Console.WriteLine("|---:|---|---:|---:|---:|---:|---:|---:|");
foreach (var size in sizes)
{
    await foreach (var row in SyncBenchmark.RunAsync(size)) Console.WriteLine(row);
}

return 0;

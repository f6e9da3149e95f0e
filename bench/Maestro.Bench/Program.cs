using System.Globalization;
using Maestro.Bench;

// Sizes of the group, in gateways; "import" for the import alone.
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

using Maestro.Bench;

var sizes = args.Length > 0 ? args.Select(a => int.Parse(a, System.Globalization.CultureInfo.InvariantCulture)).ToList() : [16, 64];
Console.WriteLine(await Versions.DescribeAsync());
Console.WriteLine();
Console.WriteLine("| gateways | connections | Maestro | ClusterShell | Ansible | ClusterShell / Maestro | Ansible / Maestro |");
Console.WriteLine("|---:|---|---:|---:|---:|---:|---:|");
foreach (var size in sizes)
{
    await foreach (var row in SyncBenchmark.RunAsync(size)) Console.WriteLine(row);
}

return 0;

using System.Globalization;
using Maestro.Engine.Clustering.Membership;
using Maestro.Engine.Hosting;
using Maestro.Engine.Operations.Plans;
using Maestro.Engine.Operations.Running;
using Maestro.Engine.Synchronisation.Policy;
using Maestro.Testbeds;

namespace Maestro.Bench;

/// <summary>
/// How long a group judges packets by a mixture of two policies: the time from the first member that lets a datagram pass which the old policy forbade to
/// the last one, by datagrams sent through every member each 5 ms.
/// </summary>
internal static class MixtureBenchmark
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(5);

    public const string Header = "| gateways | rules | first to last member, median of 5 | longest |\n|---:|---:|---:|---:|";

    public static async Task<string> RunAsync(int gateways, int rules)
    {
        await using var bed = await Testbed.StartAsync(new TestbedOptions { Gateways = gateways });
        var inventory = Path.Combine(bed.DirectoryPath, "bench.json");
        bed.WriteInventory(inventory, new Testbeds.InventoryOptions { Account = TestbedAccount.Root });
        await using var host = SessionFactory.OpenInventory(
            new SessionOptions { Name = "bench", StorePath = Path.Combine(bed.DirectoryPath, "bench.db") },
            new Engine.Hosting.InventoryOptions { Path = inventory, KnownHostsPath = bed.KnownHostsPath });
        await RunAsync(host, new NewGroupChange { Name = "dmz", Gateways = [.. bed.Gateways.Select(g => g.Id)] });
        var port = 1000;
        await SyncAsync(bed, host, port, rules);
        var mixtures = new List<TimeSpan>();
        for (var run = 0; run < 5; run++)
        {
            // What is forbidden now is let through by the next policy.
            await using var beat = await bed.BeatAsync(bed.Gateways, port, Pace);
            await Task.Delay(500);
            if (bed.Gateways.Any(g => beat.Of(g.Id) is not null)) throw new InvalidOperationException("A member lets pass what its policy forbids.");
            await SyncAsync(bed, host, ++port, rules);
            await Task.Delay(200);
            var firsts = bed.Gateways.Select(g => beat.Of(g.Id)?.First ?? throw new InvalidOperationException($"{g.Id} still forbids it.")).ToList();
            mixtures.Add(firsts.Max() - firsts.Min());
        }

        mixtures.Sort();
        return string.Format(CultureInfo.InvariantCulture, "| {0} | {1} | {2:0} ms | {3:0} ms |", gateways, rules, mixtures[2].TotalMilliseconds, mixtures[^1].TotalMilliseconds);
    }

    private static async Task SyncAsync(Testbed bed, EngineHost host, int forbidden, int rules)
    {
        var path = Path.Combine(bed.DirectoryPath, "bench.nft");
        var more = string.Concat(Enumerable.Range(1, rules - 1).Select(i => string.Format(CultureInfo.InvariantCulture, "    ip saddr 10.{0}.{1}.{2} udp dport {3} drop\n", i >> 16 & 255, i >> 8 & 255, i & 255, forbidden + 10000)));
        await File.WriteAllTextAsync(path, $"table inet web {{\n  chain forward {{\n    type filter hook forward priority 0; policy accept;\n    udp dport {forbidden.ToString(CultureInfo.InvariantCulture)} drop\n{more}  }}\n}}\n");
        await RunAsync(host, new SyncPolicyChange { Group = "dmz", Document = host.LoadPolicy(path) });
    }

    private static async Task RunAsync(EngineHost host, ChangeRequest request)
    {
        var result = await (await host.StartAsync(request, new RunOptions())).Completion;
        if (result.Failure is not null) throw result.Failure;
    }
}

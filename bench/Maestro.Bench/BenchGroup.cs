using System.Diagnostics;
using System.Globalization;
using Maestro.Engine.Clustering.Membership;
using Maestro.Engine.Hosting;
using Maestro.Engine.Operations.Plans;
using Maestro.Engine.Operations.Running;
using Maestro.Engine.Synchronisation.Policy;
using Maestro.Testbeds;

namespace Maestro.Bench;

/// <summary>A testbed, all of whose gateways are one group, and an open session with warm connections.</summary>
internal sealed class BenchGroup : IAsyncDisposable
{
    public const string Name = "dmz";

    private BenchGroup(Testbed bed, EngineHost host) => (Bed, Host) = (bed, host);

    public Testbed Bed { get; }

    public EngineHost Host { get; }

    public static async Task<BenchGroup> StartAsync(int gateways, int orchestrators = 0)
    {
        var bed = await Testbed.StartAsync(new TestbedOptions { Gateways = gateways, Orchestrators = orchestrators });
        return await StartAsync(bed);
    }

    /// <summary>Of a bed that is there, which goes with the group.</summary>
    public static async Task<BenchGroup> StartAsync(Testbed bed)
    {
        var inventory = Path.Combine(bed.DirectoryPath, "bench.json");
        bed.WriteInventory(inventory, new Testbeds.InventoryOptions { Account = TestbedAccount.Root, StateSync = bed.Orchestrators.Count > 0 });
        var group = new BenchGroup(bed, SessionFactory.OpenInventory(
            new SessionOptions { Name = "bench", StorePath = Path.Combine(bed.DirectoryPath, "bench.db") },
            new Engine.Hosting.InventoryOptions { Path = inventory, KnownHostsPath = bed.KnownHostsPath }));
        await group.RunAsync(new NewGroupChange { Name = Name, Gateways = [.. bed.Gateways.Select(g => g.Id)] });
        return group;
    }

    /// <summary>A policy that forbids one port, and as many rules more as make it that long.</summary>
    public async Task SyncAsync(int forbidden, int rules)
    {
        var more = string.Concat(Enumerable.Range(1, rules - 1).Select(i => string.Format(CultureInfo.InvariantCulture, "    ip saddr 10.{0}.{1}.{2} udp dport {3} drop\n", i >> 16 & 255, i >> 8 & 255, i & 255, forbidden + 10000)));
        await SyncAsync($"table inet web {{\n  chain forward {{\n    type filter hook forward priority 0; policy accept;\n    udp dport {forbidden.ToString(CultureInfo.InvariantCulture)} drop\n{more}  }}\n}}\n");
    }

    public async Task SyncAsync(string policy)
    {
        var path = Path.Combine(Bed.DirectoryPath, "bench.nft");
        await File.WriteAllTextAsync(path, policy);
        await RunAsync(new SyncPolicyChange { Group = Name, Document = Host.LoadPolicy(path), ThrottleLimit = 64 });
    }

    public async Task RunAsync(ChangeRequest request)
    {
        var result = await (await Host.StartAsync(request, new RunOptions())).Completion;
        if (result.Failure is not null) throw result.Failure;
    }

    public static async Task<TimeSpan> TimeAsync(Func<Task> work)
    {
        var began = Stopwatch.GetTimestamp();
        await work();
        return Stopwatch.GetElapsedTime(began);
    }

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        await Bed.DisposeAsync();
    }
}

using System.Globalization;
using Maestro.Engine.Clustering.Detection;
using Maestro.Engine.Clustering.Distribution;
using Maestro.Engine.Fabrics.Linux.Inventory;
using Maestro.Engine.Model.Distribution;
using Maestro.Engine.Model.Monitoring;
using Maestro.Engine.Monitoring.Watch;
using Maestro.Engine.Operations.Running;
using Maestro.Testbeds;

namespace Maestro.Bench;

/// <summary>
/// Members of a Linux group lose their power one after another under a watch that moves their traffic: how many of the connections that had a copy go on,
/// counted at both ends, and how long it takes. Each loss meets new connections; the member is back, with its share, before the next one.
/// </summary>
internal static class LossBenchmark
{
    private const int Gateways = 4;
    private const int Connections = 400;

    // Lets through what belongs to a connection, and what begins one.
    private const string Policy = "table inet web {\n  chain forward {\n    type filter hook forward priority 0; policy drop;\n    ct state established,related accept\n    ct state new tcp flags & (fin | syn | rst | ack) == syn accept\n  }\n}\n";

    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Delay = TimeSpan.FromSeconds(StateSyncSettings.UsualDelay + 2);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    public const string Header = "| losses | connections of lost members | of these lost | others lost | all told: median, p99, longest | worst gap: median, p99, longest |\n|---:|---:|---:|---:|---|---|";

    /// <param name="cycles">How many losses.</param>
    /// <param name="say">Told of each, for a run takes long.</param>
    public static async Task<string> RunAsync(int cycles, Action<string> say)
    {
        await using var group = await BenchGroup.StartAsync(Gateways, orchestrators: 1);
        await group.SyncAsync(Policy);
        var events = new Events();
        using var end = new CancellationTokenSource();
        // A real watch waits longer until it believes in who is back, and lets no more than two thirds go in ten minutes; how it finds who is lost is its own.
        var detection = new DetectionPolicy
        {
            ProbeInterval = new WatchOptions().Detection.ProbeInterval,
            RecoveryDelay = TimeSpan.FromSeconds(2),
            DampingMemory = TimeSpan.FromSeconds(1),
            BudgetWindow = TimeSpan.FromSeconds(1),
        };
        var watching = group.Host.WatchAsync([BenchGroup.Name], new WatchOptions { AutoFailover = true, LookEvery = TimeSpan.FromSeconds(2), Detection = detection }, events.Add, end.Token);
        await events.UntilAsync(MaestroEventKind.Sees, 0);

        int kills = 0, lost = 0, others = 0;
        var (told, gaps) = (new List<double>(), new List<double>());
        for (var cycle = 0; cycle < cycles; cycle++)
        {
            var victim = group.Bed.Gateways[cycle % Gateways];
            foreach (var gateway in group.Bed.Gateways) (await group.Bed.RunInsideAsync(gateway, "echo 0 >/proc/sys/net/netfilter/nf_conntrack_tcp_loose; echo 2 >/proc/sys/net/netfilter/nf_conntrack_tcp_timeout_time_wait")).EnsureSuccess();
            var flows = Enumerable.Range(0, Connections).Select(n => new TestbedFlow(Testbed.Client((n % Testbed.PeerCount) + 1, ipv6: n % 5 == 0), 20000 + (cycle % 20 * 2000) + n, Testbed.Server((n % 7) + 1, ipv6: n % 5 == 0), 4000)).ToList();
            await using var connections = await group.Bed.StartConnectionsAsync(flows, Pace);
            // What is younger than the delay has no copy, and copies of those before may be counted still.
            await Task.Delay(Delay);
            await UntilProtectedAsync(group);
            var table = (await group.Host.ObserveWorldAsync(BenchGroup.Name, new RunOptions(), CancellationToken.None, distributions: true)).Distributions.Single().Table;
            var before = connections.Results.Max(r => r.WorstGap);
            var seen = events.Count;

            var off = DateTimeOffset.UtcNow;
            await group.Bed.PowerOffAsync(victim);
            told.Add(((await events.UntilAsync(MaestroEventKind.FailedOver, seen)).Time - off).TotalMilliseconds);
            await Task.Delay(TimeSpan.FromSeconds(2));
            var results = await connections.StopAsync(TimeSpan.FromSeconds(30));
            gaps.Add(results.Max(r => r.WorstGap).TotalMilliseconds);
            bool WasTheirs(TestbedFlow f) => table.Slots.ActiveOf(table.Rules.SlotOf(new Flow(f.Client, f.Server, Flow.Tcp, (ushort)f.ClientPort, (ushort)f.ServerPort), FlowSide.Outside, table.Slots.SlotCount))!.Id.Number == (cycle % Gateways) + 1;
            var theirs = results.Where(r => WasTheirs(r.Flow)).ToList();
            kills += theirs.Count;
            lost += theirs.Count(r => !r.Lives);
            others += results.Count(r => !r.Lives) - theirs.Count(r => !r.Lives);
            say(string.Create(CultureInfo.InvariantCulture, $"{cycle + 1}: {victim.Id}, {theirs.Count} connections, {theirs.Count(r => !r.Lives)} lost; told after {told[^1]:0} ms, worst gap {gaps[^1]:0} ms ({before.TotalMilliseconds:0} ms before, the machine {connections.LongestStall.TotalMilliseconds:0} ms) {string.Join("; ", results.Where(r => !r.Lives).Take(2))}"));

            await group.Bed.PowerOnAsync(victim);
            await events.UntilAsync(MaestroEventKind.MemberBack, seen);
            await UntilAsync(async () => (await group.Host.ObserveWorldAsync(BenchGroup.Name, new RunOptions(), CancellationToken.None, distributions: true)).Distributions.Single().Table.Slots.Members.Count == Gateways);
        }

        await end.CancelAsync();
        await watching;
        return string.Create(CultureInfo.InvariantCulture, $"| {cycles} | {kills} | {lost} | {others} | {Spread(told)} | {Spread(gaps)} |");
    }

    private static string Spread(List<double> times)
    {
        times.Sort();
        double At(double share) => times[Math.Max(0, (int)Math.Ceiling(times.Count * share) - 1)];
        return string.Create(CultureInfo.InvariantCulture, $"{At(0.5):0} ms, {At(0.99):0} ms, {times[^1]:0} ms");
    }

    private static Task UntilProtectedAsync(BenchGroup group) => UntilAsync(async () =>
    {
        var said = await group.Host.GetStateSyncAsync(BenchGroup.Name, CancellationToken.None);
        return said.All(m => m is { Reason: "", Unprotected: 0 }) && said.Sum(m => m.Owned) >= Connections && said.Sum(m => m.BackedUp) >= Connections;
    });

    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        for (var began = TimeProvider.System.GetTimestamp(); !await isSo(); await Task.Delay(200))
        {
            if (TimeProvider.System.GetElapsedTime(began) > Patience) throw new InvalidOperationException("It did not come.");
        }
    }

    private sealed class Events
    {
        private readonly List<MaestroEvent> _events = [];

        public int Count
        {
            get
            {
                lock (_events) return _events.Count;
            }
        }

        public void Add(MaestroEvent happened)
        {
            lock (_events) _events.Add(happened);
        }

        /// <summary>The first of that kind from that place on.</summary>
        public async Task<MaestroEvent> UntilAsync(MaestroEventKind kind, int from)
        {
            for (var began = TimeProvider.System.GetTimestamp(); ; await Task.Delay(20))
            {
                lock (_events) if (_events.Skip(from).FirstOrDefault(e => e.Kind == kind) is { } found) return found;
                if (TimeProvider.System.GetElapsedTime(began) > Patience) throw new InvalidOperationException($"no {kind}:\n{string.Join("\n", _events)}");
            }
        }
    }
}

using System.Globalization;
using Maestro.Engine.Clustering.Distribution;
using Maestro.Engine.Clustering.Membership;
using Maestro.Engine.Fabrics;
using Maestro.Engine.Model.Distribution;
using Maestro.Engine.Model.Groups;
using Maestro.Engine.Model.Monitoring;
using Maestro.Engine.Tests.Fabrics.Linux.Distribution;
using Maestro.Testbeds;
using Maestro.Testbeds.Traffic;
using Xunit.Abstractions;

namespace Maestro.Engine.Tests.Fabrics.Linux.Replication;

/// <summary>Members that copy their connections to one another, each to the backup of its slot, through members that drop whatever belongs to no connection that they know.</summary>
public sealed class LinuxReplicationTests(ITestOutputHelper output)
{
    private static readonly bool Endurance = Environment.GetEnvironmentVariable("MAESTRO_ENDURANCE") == "1";
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [TestbedFact]
    public async Task Connections_go_on_when_their_member_loses_its_power()
    {
        await using var steered = await StartAsync();
        await using var connections = await steered.Bed.StartConnectionsAsync(Flows(), Pace);
        var table = (await steered.ObserveAsync()).Table;
        await UntilCopiedAsync(steered, table);
        var before = connections.Results.Max(r => r.WorstGap);

        await steered.Bed.PowerOffAsync(steered.Bed.Gateways[0]);
        var effect = await FollowAsync(steered, "1_1");
        await Task.Delay(Pace * 6);
        var results = await connections.StopAsync(Patience);
        var carried = Flows().Count(f => OwnerOf(table, f) == new MemberId(1, 1));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{carried} of {results.Count} connections were the lost member's; worst gap {before.TotalMilliseconds:0} ms before, {results.Max(r => r.WorstGap).TotalMilliseconds:0} ms with the loss, which is as long as it took to tell the orchestrator; {effect.Evidence}"));
        Assert.True(carried > 5);
        Assert.All(results, r => Assert.True(r.Lives, r.ToString()));

        // And what is left protects it again, without anybody's help.
        await UntilCopiedAsync(steered, (await steered.ObserveAsync()).Table);
    }

    [TestbedFact]
    public async Task A_connection_is_copied_to_the_backup_of_its_slot_alone_and_goes_when_it_ends()
    {
        await using var steered = await StartAsync();
        var table = (await steered.ObserveAsync()).Table;
        await using (var connections = await steered.Bed.StartConnectionsAsync(Flows(), Pace))
        {
            await UntilCopiedAsync(steered, table);
            foreach (var (flow, holders) in await HoldersAsync(steered, table)) Assert.Equal([OwnerOf(table, flow), BackupOf(table, flow)], holders);
            await OnHosts.UntilAsync(
                async () =>
                {
                    var said = await steered.Session.Host.GetStateSyncAsync("dmz", CancellationToken.None);
                    return said.Count == 3 && said.All(m => m is { Reason: "", Unprotected: 0 }) && said.Sum(m => m.Owned) >= Flows().Count && said.Sum(m => m.BackedUp) >= Flows().Count;
                },
                "the members do not say that all is copied", Patience);
            Assert.Equal(CheckOutcome.Pass, (await CheckAsync(steered)).Single().Result);
            // One that the backup lost behind its back is found by comparing, and comes back with the next pass.
            var victim = Flows()[0];
            var keeper = steered.Bed.Gateways[BackupOf(table, victim).Number - 1];
            (await steered.Bed.RunInsideAsync(keeper, $"pkill -STOP -f 'statesync[.]pl receive'; conntrack -D -p tcp -s {victim.Client} --sport {victim.ClientPort}")).EnsureSuccess();
            var lacking = (await CheckAsync(steered)).Single(r => r.Member == OwnerOf(table, victim).ToString());
            Assert.Equal(CheckOutcome.Fail, lacking.Result);
            Assert.StartsWith("1 of its connections have no copy, first: tcp " + victim.Client, lacking.Reason);
            await steered.Bed.RunInsideAsync(keeper, "pkill -CONT -f 'statesync[.]pl receive'");
            await UntilCopiedAsync(steered, table);
            // No controller is needed for it.
            await steered.Session.DisposeAsync();
            var late = new TestbedFlow(Testbed.Client(2), 45000, Testbed.Server(1), 5000);
            await connections.OpenAsync(late);
            await OnHosts.UntilAsync(async () => (await HoldersAsync(steered, table)).TryGetValue(late, out var holders) && holders.SequenceEqual([OwnerOf(table, late), BackupOf(table, late)]), "the late connection has no copy", Patience);
            Assert.All(await connections.StopAsync(Patience), r => Assert.True(r.Lives, r.ToString()));
        }

        await OnHosts.UntilAsync(async () => (await CopiesAsync(steered)).Values.Sum() == 0, "copies of what has ended are left", Patience);
    }

    [TestbedFact]
    public async Task A_site_that_loses_its_power_goes_on_at_the_copies_of_the_other_one()
    {
        await using var steered = await StartAsync(gateways: 4, sites: 2);
        await using var connections = await steered.Bed.StartConnectionsAsync(Flows(), Pace);
        var table = (await steered.ObserveAsync()).Table;
        Assert.All(Flows(), f => Assert.NotEqual(OwnerOf(table, f).Site, RemoteOf(table, f).Site));
        await OnHosts.UntilAsync(
            async () =>
            {
                var holders = await HoldersAsync(steered, table);
                return Flows().All(f => holders.TryGetValue(f, out var who) && who.Contains(BackupOf(table, f)) && who.Contains(RemoteOf(table, f)));
            },
            "not every connection has a copy on either site", Patience);
        // Its own member, one backup on each site, and nobody else.
        foreach (var (flow, holders) in await HoldersAsync(steered, table)) Assert.Equal(new[] { OwnerOf(table, flow), BackupOf(table, flow), RemoteOf(table, flow) }.Order(), holders.Order());

        await Task.WhenAll(steered.Bed.Gateways.Where(g => IdOf(g).Site == 1).Select(g => steered.Bed.PowerOffAsync(g)));
        var effect = await FollowAsync(steered, "1_1", "1_2");
        await Task.Delay(Pace * 6);
        var results = await connections.StopAsync(Patience);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Flows().Count(f => OwnerOf(table, f).Site == 1)} of {results.Count} connections were the lost site's; worst gap {results.Max(r => r.WorstGap).TotalMilliseconds:0} ms, which is as long as it took to tell the orchestrator; {effect.Evidence}"));
        Assert.All(results, r => Assert.True(r.Lives, r.ToString()));
    }

    [TestbedFact]
    public async Task What_is_killed_on_a_member_begins_anew_and_a_member_that_leaves_keeps_nothing()
    {
        await using var steered = await StartAsync();
        await using var connections = await steered.Bed.StartConnectionsAsync(Flows(), Pace);
        var table = (await steered.ObserveAsync()).Table;
        await UntilCopiedAsync(steered, table);
        foreach (var gateway in steered.Bed.Gateways) await steered.Bed.RunInsideAsync(gateway, "pkill -KILL -f 'statesync.pl (send|receive)'");
        var late = new TestbedFlow(Testbed.Client(3), 45001, Testbed.Server(2), 5000);
        await connections.OpenAsync(late);
        await OnHosts.UntilAsync(async () => (await HoldersAsync(steered, table)).TryGetValue(late, out var holders) && holders.Contains(BackupOf(table, late)), "nothing is copied since it was killed", Patience);

        var result = await steered.Session.RunAsync(new RemoveMembersChange { Group = "dmz", Members = ["1_3"] });
        Assert.True(result.Failure is null, result.Failure?.Message);
        Assert.Equal("", (await steered.Bed.RunInsideAsync(steered.Bed.Gateways[2], "ls -d /var/lib/maestro/sync 2>/dev/null; pgrep -f 'statesync[.]pl|sync/sshd_confi[g]' || true")).Output);
        await UntilCopiedAsync(steered, (await steered.ObserveAsync()).Table);
        Assert.All(await connections.StopAsync(Patience), r => Assert.True(r.Lives, r.ToString()));
    }

    [TestbedFact]
    public async Task A_member_that_takes_a_copy_for_its_own_does_who_carries_the_connection_no_harm()
    {
        await using var steered = await StartAsync();
        var table = (await steered.ObserveAsync()).Table;
        // Read from the wrong side it falls into a slot of the member that keeps its copy, and that slot's backup is who carries it.
        var flow = Enumerable.Range(20000, 10000).Select(port => new TestbedFlow(Testbed.Client(1), port, Testbed.Server(1), 4000))
            .First(f => table.Slots.ActiveOf(SlotOf(table, f, FlowSide.Inside))!.Id == BackupOf(table, f) && table.Slots.BackupOf(SlotOf(table, f, FlowSide.Inside))!.Id == OwnerOf(table, f));
        var (owner, keeper) = (steered.Bed.Gateways[OwnerOf(table, flow).Number - 1], steered.Bed.Gateways[BackupOf(table, flow).Number - 1]);
        await using var connections = await steered.Bed.StartConnectionsAsync([flow], Pace);
        Task UntilCopied() => OnHosts.UntilAsync(async () => (await HoldersAsync(steered, table)).TryGetValue(flow, out var who) && who.SequenceEqual([OwnerOf(table, flow), BackupOf(table, flow)]), "the connection has no copy", Patience);
        await UntilCopied();

        // As after a boot where a way to the clients comes later than others: all seems to come from inside.
        (await steered.Bed.RunInsideAsync(keeper, "ip route add default via 10.92.3.1 && ip route del 10.94.0.0/16")).EnsureSuccess();
        await UntilOwnedAsync(steered, keeper, 1);
        await OnHosts.UntilAsync(async () => await SkippedAsync(steered, owner, BackupOf(table, flow)) > 0, "nothing of it was sent", Patience);
        // Nor does its end there end it.
        var skipped = await SkippedAsync(steered, owner, BackupOf(table, flow));
        (await steered.Bed.RunInsideAsync(keeper, $"conntrack -D -p tcp -s {flow.Client} --sport {flow.ClientPort}")).EnsureSuccess();
        await OnHosts.UntilAsync(async () => await SkippedAsync(steered, owner, BackupOf(table, flow)) > skipped, "its end was not sent", Patience);
        // It learns of the way, and what it has is a copy again.
        (await steered.Bed.RunInsideAsync(keeper, "ip route add 10.94.0.0/16 via 10.91.3.1 && ip route del default")).EnsureSuccess();
        await UntilOwnedAsync(steered, keeper, 0);
        await UntilOwnedAsync(steered, owner, 1);
        await UntilCopied();

        // Where no way tells a side nobody takes it for his.
        (await steered.Bed.RunInsideAsync(keeper, "ip route del 10.94.0.0/16; pkill -KILL -f 'statesync[.]pl send'; rm /var/lib/maestro/sync/sent.state")).EnsureSuccess();
        await UntilOwnedAsync(steered, keeper, 0);
        Assert.All(await connections.StopAsync(Patience), r => Assert.True(r.Lives, r.ToString()));
    }

    private static Task UntilOwnedAsync(SteeredBed steered, TestbedHost gateway, int count) => OnHosts.UntilAsync(
        async () => (await steered.Bed.RunInsideAsync(gateway, "cat /var/lib/maestro/sync/sent.state")).Output.Split('\n').Contains($"owned {count.ToString(CultureInfo.InvariantCulture)}"), $"{gateway.Id} does not carry {count}", Patience);

    private static async Task<int> SkippedAsync(SteeredBed steered, TestbedHost gateway, MemberId sender) =>
        int.TryParse((await steered.Bed.RunInsideAsync(gateway, $"sed -n 's/^skipped //p' /var/lib/maestro/sync/received.{sender}.state")).Output, CultureInfo.InvariantCulture, out var skipped) ? skipped : 0;

    /// <summary>As a watch does it: who is in a hurry asks again when nobody answered in time.</summary>
    private static async Task<Effect> FollowAsync(SteeredBed steered, params string[] lost)
    {
        return await steered.WithFabricAsync("after", async (fabric, lease) =>
        {
            var effect = Effect.Unknown("");
            var attempt = 0;
            await OnHosts.UntilAsync(async () => (effect = await fabric.Traffic!.FollowAsync(SteeredBed.Call(lease) with { Attempt = ++attempt }, "dmz", lost, [])).Kind == EffectKind.Done, "the lost members' slots are not moved", Patience);
            return effect;
        });
    }

    private static async Task<SteeredBed> StartAsync(int gateways = 3, int sites = 1)
    {
        var steered = await SteeredBed.StartStrictAsync(stateSync: true, gateways: gateways, sites: sites);
        // What has ended is not remembered for minutes.
        foreach (var gateway in steered.Bed.Gateways) (await steered.Bed.RunInsideAsync(gateway, "echo 3 >/proc/sys/net/netfilter/nf_conntrack_tcp_timeout_time_wait")).EnsureSuccess();
        return steered;
    }

    private static IReadOnlyList<TestbedFlow> Flows() => SteeredBed.MixedFlows(Endurance ? 500 : 50);

    private static int SlotOf(DistributionTable table, TestbedFlow flow, FlowSide side = FlowSide.Outside) =>
        table.Rules.SlotOf(new Flow(flow.Client, flow.Server, Flow.Tcp, (ushort)flow.ClientPort, (ushort)flow.ServerPort), side, table.Slots.SlotCount);

    private static MemberId OwnerOf(DistributionTable table, TestbedFlow flow) => table.Slots.ActiveOf(SlotOf(table, flow))!.Id;

    private static MemberId BackupOf(DistributionTable table, TestbedFlow flow) => table.Slots.BackupOf(SlotOf(table, flow))!.Id;

    private static MemberId RemoteOf(DistributionTable table, TestbedFlow flow) => table.Slots.RemoteBackupOf(SlotOf(table, flow))!.Id;

    /// <summary>Of the only group: fw-a2 is 1_2, fw-b1 is 2_1.</summary>
    private static MemberId IdOf(TestbedHost gateway) => new(gateway.Id[3] - 'a' + 1, int.Parse(gateway.Id[4..], CultureInfo.InvariantCulture));

    /// <summary>Until each of the flows is known to the backup of its slot.</summary>
    private static Task<IReadOnlyList<CheckResult>> CheckAsync(SteeredBed steered) => steered.Session.Host.TestAsync(["dmz"], ["StateSync"], CancellationToken.None);

    private static Task UntilCopiedAsync(SteeredBed steered, DistributionTable table) => OnHosts.UntilAsync(
        async () =>
        {
            var holders = await HoldersAsync(steered, table);
            return Flows().All(f => holders.TryGetValue(f, out var who) && who.Contains(BackupOf(table, f)));
        },
        "not every connection has its copy", Patience);

    /// <summary>Which members know a connection as established: its own member first.</summary>
    private static async Task<Dictionary<TestbedFlow, List<MemberId>>> HoldersAsync(SteeredBed steered, DistributionTable table)
    {
        var holders = new Dictionary<TestbedFlow, List<MemberId>>();
        for (var n = 0; n < steered.Bed.Gateways.Count; n++)
        {
            if (!steered.Bed.Gateways[n].IsOn) continue;
            foreach (var line in (await steered.Bed.RunInsideAsync(steered.Bed.Gateways[n], "conntrack -L -p tcp -f ipv4 2>/dev/null; conntrack -L -p tcp -f ipv6 2>/dev/null")).Output.Split('\n'))
            {
                var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                if (words.Length < 8 || words[3] != "ESTABLISHED") continue;
                string First(string name) => words.First(w => w.StartsWith(name + "=", StringComparison.Ordinal))[(name.Length + 1)..];
                var flow = new TestbedFlow(System.Net.IPAddress.Parse(First("src")), int.Parse(First("sport"), CultureInfo.InvariantCulture), System.Net.IPAddress.Parse(First("dst")), int.Parse(First("dport"), CultureInfo.InvariantCulture));
                if (flow.ServerPort is < 4000 or > 5000) continue;
                if (!holders.TryGetValue(flow, out var who)) holders[flow] = who = [];
                who.Add(IdOf(steered.Bed.Gateways[n]));
            }
        }

        foreach (var (flow, who) in holders) who.Sort((a, b) => (a != OwnerOf(table, flow), a).CompareTo((b != OwnerOf(table, flow), b)));
        return holders;
    }

    private static async Task<Dictionary<string, int>> CopiesAsync(SteeredBed steered)
    {
        var copies = new Dictionary<string, int>();
        foreach (var gateway in steered.Bed.Gateways.Where(g => g.IsOn))
        {
            var said = (await steered.Bed.RunInsideAsync(gateway, "sed -n 's/^copies //p' /var/lib/maestro/sync/received.*.state")).Output;
            copies[gateway.Id] = said.Split('\n', StringSplitOptions.RemoveEmptyEntries).Sum(n => int.Parse(n, CultureInfo.InvariantCulture));
        }

        return copies;
    }
}

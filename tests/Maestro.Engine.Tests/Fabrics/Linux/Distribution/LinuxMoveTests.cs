using System.Globalization;
using Maestro.Engine.Clustering.Distribution;
using Maestro.Engine.Clustering.Failover;
using Maestro.Engine.Clustering.Membership;
using Maestro.Engine.Fabrics;
using Maestro.Engine.Model.Distribution;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Groups;
using Maestro.Engine.Hosting;
using Maestro.Engine.Operations.Plans;
using Maestro.Engine.Tests.Victims;
using Maestro.Testbeds;
using Maestro.Testbeds.Traffic;
using Maestro.Victim;
using Xunit.Abstractions;

namespace Maestro.Engine.Tests.Fabrics.Linux.Distribution;

/// <summary>
/// Planned moves of slots under long-lived TCP connections, through members that drop whatever belongs to no connection that they know. 50 connections by
/// default, 500 with MAESTRO_ENDURANCE=1.
/// </summary>
public sealed class LinuxMoveTests(ITestOutputHelper output)
{
    private static readonly bool Endurance = Environment.GetEnvironmentVariable("MAESTRO_ENDURANCE") == "1";
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    // Of a connection that goes on at all. How long it really waits is printed: the aim is 100 ms, and a slow machine that runs other tests takes seconds to start a
    // process, while each lost packet doubles what the next one waits (0.2 s, 0.4 s, ... of a connection, 1 s, 2 s, ... of one that begins).
    private static readonly TimeSpan WorstGap = TimeSpan.FromSeconds(10);

    // The client's port of the first connection that begins while something changes.
    private const int FirstBirth = 40000;

    [TestbedFact]
    public async Task Connections_go_on_when_weights_and_rules_change()
    {
        await using var steered = await SteeredBed.StartStrictAsync();
        await using var connections = await steered.Bed.StartConnectionsAsync(Flows(), Pace);
        await ChangeAsync(steered, connections, "weight 1_2 becomes 3", new SetMembersChange { Group = "dmz", Members = ["1_2"], Weight = "3" });
        await ChangeAsync(steered, connections, "mode AutoTopology", new SetDistributionChange { Group = "dmz", Mode = DistributionMode.AutoTopology });
        await ChangeAsync(steered, connections, "1024 slots", new SetDistributionChange { Group = "dmz", SlotCount = 1024 });
        await ChangeAsync(steered, connections, "weight 1_2 by cores", new SetMembersChange { Group = "dmz", Members = ["1_2"], Weight = "" });
        await ExpectAllAsync(connections);
    }

    [TestbedFact]
    public async Task Connections_go_on_when_members_are_suspended_and_come_back()
    {
        await using var steered = await SteeredBed.StartStrictAsync();
        await using var connections = await steered.Bed.StartConnectionsAsync(Flows(), Pace);
        await using var births = new Births(connections);
        await ChangeAsync(steered, connections, "suspend 1_2", new SuspendMembersChange { Group = "dmz", Members = ["1_2"] });
        var suspended = (await steered.Session.MembersAsync()).Single(m => m.Member == "1_2");
        Assert.Equal((MemberState.Suspended, false), (suspended.State, suspended.SuspendedBy.Length == 0));
        Assert.Equal(["1_1", "1_3"], (await steered.ObserveAsync()).Table.Slots.Members.Select(m => m.ToString()));

        // What the group gets meanwhile the one that is out gets as well, or when it comes back.
        Assert.Null((await steered.Session.SyncAsync(SteeredBed.Strict.Replace("udp, ", "", StringComparison.Ordinal))).Failure);
        await ChangeAsync(steered, connections, "resume 1_2", new ResumeMembersChange { Group = "dmz", Members = ["1_2"] });
        await ChangeAsync(steered, connections, "suspend 1_1", new SuspendMembersChange { Group = "dmz", Members = ["1_1"] });
        await ChangeAsync(steered, connections, "resume 1_1", new ResumeMembersChange { Group = "dmz", Members = ["1_1"] });
        Assert.All(await steered.Session.MembersAsync(), m => Assert.Equal(MemberState.Active, m.State));

        await births.StopAsync();
        await ExpectAllAsync(connections);
    }

    [TestbedFact]
    public async Task Connections_go_on_when_members_leave_and_join()
    {
        await using var steered = await SteeredBed.StartStrictAsync(orchestrators: 2);
        await using var connections = await steered.Bed.StartConnectionsAsync(Flows(), Pace);
        await using var births = new Births(connections);
        await ChangeAsync(steered, connections, "1_3 leaves", new RemoveMembersChange { Group = "dmz", Members = ["1_3"], });
        await ChangeAsync(steered, connections, "1_3 joins", new AddMembersChange { Group = "dmz", Gateways = ["fw-a3"] });
        Assert.Equal(["1_1", "1_2", "1_3"], (await steered.ObserveAsync()).Table.Slots.Members.Select(m => m.ToString()));

        await births.StopAsync();
        await ExpectAllAsync(connections);
    }

    [TestbedFact]
    public async Task Connections_go_on_when_members_restart()
    {
        await using var steered = await SteeredBed.StartStrictAsync();
        await using var connections = await steered.Bed.StartConnectionsAsync(Flows(), Pace);
        await using var births = new Births(connections);
        await ChangeAsync(steered, connections, "restart 1_1 and 1_2", new RestartMembersChange { Group = "dmz", Members = ["1_1", "1_2"] });
        Assert.All(await steered.Session.MembersAsync(), m => Assert.Equal(MemberState.Active, m.State));
        Assert.Equal(["1_1", "1_2", "1_3"], (await steered.ObserveAsync()).Table.Slots.Members.Select(m => m.ToString()));

        await births.StopAsync();
        await ExpectAllAsync(connections);
    }

    [TestbedFact]
    public async Task Connections_and_short_requests_go_on_when_a_site_hands_over_and_comes_back()
    {
        await using var steered = await SteeredBed.StartStrictAsync(gateways: 4, sites: 2);
        await using var connections = await steered.Bed.StartConnectionsAsync(Flows(), Pace);
        await using var requests = await steered.Bed.StartRequestsAsync(workers: 4);
        await using var births = new Births(connections);
        await ChangeAsync(steered, connections, "site 2 hands over", new SiteFailoverChange { Group = "dmz", Site = 2 });
        Assert.Equal(["1_1", "1_2"], (await steered.ObserveAsync()).Table.Slots.Members.Select(m => m.ToString()));
        await ChangeAsync(steered, connections, "site 2 comes back", new ResumeMembersChange { Group = "dmz", Members = ["2_1", "2_2"] });
        Assert.Equal(["1_1", "1_2", "2_1", "2_2"], (await steered.ObserveAsync()).Table.Slots.Members.Select(m => m.ToString()));

        await births.StopAsync();
        var (answered, failed) = await requests.StopAsync();
        output.WriteLine($"{answered} short requests were answered, {failed} were not");
        Assert.Equal(0, failed);
        Assert.True(answered > 100, $"{answered} requests");
        await ExpectAllAsync(connections);
    }

    [TestbedFact]
    public async Task A_controller_that_is_killed_in_the_middle_of_a_move_costs_no_connection()
    {
        await using var steered = await SteeredBed.StartStrictAsync();
        var random = new SeededRandom(20261129).Stream("killed moves");
        await using var connections = await steered.Bed.StartConnectionsAsync(Flows(), Pace);
        await using var births = new Births(connections);
        for (var round = 0; round < (Endurance ? 20 : 4); round++)
        {
            string[] words = [round % 2 == 0 ? "suspend" : "resume", "dmz", "1_2"];
            await using (var before = LinuxSession.Open(steered.Bed, "killed"))
            {
                // Makes the store and its inventory.
                Assert.Equal(3, (await before.MembersAsync()).Count);
            }

            var folder = Path.Combine(steered.Bed.DirectoryPath, "controller-killed");
            var instant = TimeSpan.FromMilliseconds(random.Next(2500));
            using (var victim = VictimProcess.Start(["change", Path.Combine(folder, "inventory.json"), steered.Bed.KnownHostsPath, Path.Combine(folder, "store.db"), "0", .. words]))
            {
                Assert.Equal("begun", await victim.ExpectLineAsync());
                await Task.Delay(instant);
                await victim.KillAsync();
            }

            await using var next = LinuxSession.Open(steered.Bed, "killed");
            var result = await next.RunAsync(Requests.Parse(words, next.Host));
            var operations = await next.Host.GetOperationsAsync(new() { Newest = 2 });
            Assert.True(result.Failure is null, $"{words[0]} killed after {instant}: {result.Failure?.Message}");
            Assert.Equal(round % 2 == 0 ? 2 : 3, (await steered.ObserveAsync(next)).Table.Slots.Members.Count);
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{words[0]} killed after {instant.TotalMilliseconds:0} ms: {string.Join(" and ", operations.Reverse().Select(o => o.State))}; {connections.Results.Count(r => r.Fault.Length > 0)} broken, worst gap so far {connections.Results.Max(r => r.WorstGap).TotalMilliseconds:0} ms"));
        }

        await births.StopAsync();
        // Who began right before an unfinished change waits for the next run.
        Assert.All(await connections.StopAsync(Patience), r => Assert.True(r.Lives, r.ToString()));
    }

    [TestbedFact]
    public async Task Datagrams_of_flows_that_began_outside_go_on_under_planned_moves()
    {
        // What comes from inside belongs to something that is known, or is dropped.
        await using var steered = await SteeredBed.StartAsync(orchestrators: 1, policy: SteeredBed.Strict.Replace("ct state new meta l4proto { udp", "iifname \"eth1\" ct state new meta l4proto { udp", StringComparison.Ordinal));
        await using var traffic = steered.Bed.StartTraffic(Flows(), Pace);
        await Task.Delay(TimeSpan.FromSeconds(1));
        foreach (var change in (ChangeRequest[])
        [
            new SetMembersChange { Group = "dmz", Members = ["1_2"], Weight = "3" },
            new SuspendMembersChange { Group = "dmz", Members = ["1_1"] },
            new ResumeMembersChange { Group = "dmz", Members = ["1_1"] },
            new SetDistributionChange { Group = "dmz", Mode = DistributionMode.AutoTopology },
        ])
        {
            var result = await steered.Session.RunAsync(change);
            Assert.True(result.Failure is null, result.Failure?.Message);
            await Task.Delay(Pace * 6);
        }

        var results = await traffic.StopAsync(Patience);
        output.WriteLine($"{results.Count} flows, {results.Sum(r => r.Sent)} datagrams, {results.Sum(r => r.Sent - r.Answered)} of them lost");
        Assert.All(results, r => Assert.Equal((r.Sent, r.Sent), (r.Received, r.Answered)));
        Assert.True(results.Sum(r => r.Sent) > results.Count * 20);
    }

    /// <summary>Eight members, sixteen in an endurance run.</summary>
    [TestbedFact]
    public async Task Connections_go_on_in_a_group_of_many_members()
    {
        var count = Endurance ? 16 : 8;
        await using var steered = await SteeredBed.StartStrictAsync(gateways: count);
        Assert.Equal(count, (await steered.ObserveAsync()).Table.Slots.Members.Count);
        await using var connections = await steered.Bed.StartConnectionsAsync(Flows(), Pace);
        await using var births = new Births(connections);
        await ChangeAsync(steered, connections, $"{count} members: suspend 1_3", new SuspendMembersChange { Group = "dmz", Members = ["1_3"] });
        // Members are numbered in the order of their gateways' names, by letters: 1_16 is no fw-a16.
        var last = (await steered.Session.MembersAsync()).Single(m => m.Member == $"1_{count}").Gateway;
        await ChangeAsync(steered, connections, $"{count} members: 1_{count} leaves", new RemoveMembersChange { Group = "dmz", Members = [$"1_{count}"] });
        await ChangeAsync(steered, connections, $"{count} members: 1_{count} joins", new AddMembersChange { Group = "dmz", Gateways = [last] });
        Assert.Equal(count - 1, (await steered.ObserveAsync()).Table.Slots.Members.Count);

        await births.StopAsync();
        // So many hosts on a busy machine: the figures are printed, and nothing may break.
        await ExpectAllAsync(connections, TimeSpan.FromMinutes(2));
    }

    [TestbedFact]
    public async Task Thousands_of_connections_move_in_several_parts()
    {
        var count = Endurance ? 50_000 : 6_000;
        await using var steered = await SteeredBed.StartStrictAsync();
        var table = (await steered.ObserveAsync()).Table;
        var flows = Enumerable.Range(0, int.MaxValue).Select(n => new Flow(Testbed.Client((n % Testbed.PeerCount) + 1), Testbed.Server((n / Testbed.PeerCount % Testbed.PeerCount) + 1), Flow.Tcp, (ushort)(1024 + (n % 60_000)), (ushort)(8000 + (n / 60_000))))
            .Where(f => table.Slots.ActiveOf(table.Rules.SlotOf(f, FlowSide.Outside, table.Slots.SlotCount))!.Id == new MemberId(1, 2)).Take(count).ToList();
        var lines = string.Concat(flows.Select(f => $"-A -t 86400 -u SEEN_REPLY,ASSURED -s {f.Source} -d {f.Destination} -r {f.Destination} -q {f.Source} -p tcp --sport {f.SourcePort} --dport {f.DestinationPort} --reply-port-src {f.DestinationPort} --reply-port-dst {f.SourcePort} --state ESTABLISHED\n"));
        (await steered.Bed.RunInsideAsync(steered.Bed.Gateways[1], "conntrack -R /dev/stdin", lines)).EnsureSuccess();

        var began = TimeProvider.System.GetTimestamp();
        var result = await steered.Session.RunAsync(new SuspendMembersChange { Group = "dmz", Members = ["1_2"] });
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count} connections: {TimeProvider.System.GetElapsedTime(began).TotalMilliseconds:0} ms; {result.Operation?.Step.Single().Evidence}"));

        Assert.True(result.Failure is null, result.Failure?.Message);
        var arrived = 0;
        foreach (var gateway in new[] { steered.Bed.Gateways[0], steered.Bed.Gateways[2] }) arrived += int.Parse((await steered.Bed.RunInsideAsync(gateway, "conntrack -C")).Output, CultureInfo.InvariantCulture);
        Assert.InRange(arrived, count, 2 * count);
    }

    [TestbedFact]
    public async Task Connections_that_their_member_has_forgotten_do_not_go_on()
    {
        // What the other tests would see without a hand-over.
        await using var steered = await SteeredBed.StartStrictAsync();
        await using var connections = await steered.Bed.StartConnectionsAsync(Flows(), Pace);
        (await steered.Bed.RunInsideAsync(steered.Bed.Gateways[0], "conntrack -F")).EnsureSuccess();
        var table = (await steered.ObserveAsync()).Table;
        var carried = Flows().Where(f => table.Slots.ActiveOf(table.Rules.SlotOf(new Flow(f.Client, f.Server, Flow.Tcp, (ushort)f.ClientPort, (ushort)f.ServerPort), FlowSide.Outside, table.Slots.SlotCount))!.Id == new MemberId(1, 1)).ToHashSet();
        await Task.Delay(Pace * 6);

        var results = await connections.StopAsync(TimeSpan.FromSeconds(1));

        Assert.NotEmpty(carried);
        Assert.Equal(carried, results.Where(r => !r.Lives).Select(r => r.Flow).ToHashSet());
    }

    [TestbedFact]
    public async Task Nobody_waits_for_the_end_of_flows_that_nobody_tells_apart()
    {
        await using var steered = await SteeredBed.StartAsync(orchestrators: 1);
        var fault = await Assert.ThrowsAsync<MaestroException>(() => steered.Session.RunAsync(new SuspendMembersChange { Group = "dmz", Members = ["1_1"], Drain = DrainMode.Wait }));
        Assert.Equal(ErrorCatalogue.FabricCannot, fault.Code);
    }

    [TestbedFact]
    public async Task A_member_that_cannot_tell_its_connections_keeps_its_slots()
    {
        await using var steered = await SteeredBed.StartStrictAsync();
        var before = await steered.ObserveAsync();
        (await steered.Bed.RunInsideAsync(steered.Bed.Gateways[1], "mount --bind /dev/null \"$(command -v conntrack)\"")).EnsureSuccess();

        var result = await steered.Session.RunAsync(new SetMembersChange { Group = "dmz", Members = ["1_1"], Weight = "64" });

        var fault = Assert.IsType<MaestroException>(result.Failure);
        Assert.Equal(ErrorCatalogue.ConnectionsNotMoved, fault.Code);
        Assert.Contains("1_2: conntrack is missing", fault.Message);
        Assert.Equal(before.Table, (await steered.ObserveAsync()).Table);
        Assert.Null((await steered.Session.MembersAsync())[0].Weight);

        // Nor is it taken out, and it carries on.
        var refused = Assert.IsType<MaestroException>((await steered.Session.RunAsync(new SuspendMembersChange { Group = "dmz", Members = ["1_2"] })).Failure);
        Assert.Equal(ErrorCatalogue.ConnectionsNotMoved, refused.Code);
        Assert.Equal(before.Table, (await steered.ObserveAsync()).Table);
        Assert.Equal((MemberState.Active, ""), ((await steered.Session.MembersAsync())[1].State, (await steered.Session.MembersAsync())[1].SuspendedBy));
    }

    private static IReadOnlyList<TestbedFlow> Flows() => SteeredBed.MixedFlows(Endurance ? 500 : 50);

    /// <summary>Opens one connection more after another, so that some begin at any moment of a move.</summary>
    private sealed class Births : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly Task _opening;

        public Births(OrchestratedConnections connections) => _opening = Task.Run(async () =>
        {
            for (var n = 0; n < 1500 && !_stop.IsCancellationRequested; n++)
            {
                await connections.OpenAsync(new TestbedFlow(Testbed.Client((n % Testbed.PeerCount) + 1), FirstBirth + n, Testbed.Server((n % 3) + 1), 5000));
                await Task.Delay(100);
            }
        });

        public async Task StopAsync()
        {
            await _stop.CancelAsync();
            await _opening;
        }

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await Task.WhenAny(_opening);
            _stop.Dispose();
        }
    }

    private async Task ChangeAsync(SteeredBed steered, OrchestratedConnections connections, string words, ChangeRequest change)
    {
        var began = TimeProvider.System.GetTimestamp();
        var result = await steered.Session.RunAsync(change);
        var took = TimeProvider.System.GetElapsedTime(began);
        Assert.True(result.Failure is null, $"{words}: {result.Failure?.Message}");
        // The connections answer once more, after whatever the change did to them.
        await Task.Delay(Pace * 6);
        var results = connections.Results;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{words}: {took.TotalMilliseconds:0} ms, {results.Count(r => r.Fault.Length > 0)} of {results.Count} connections broken, worst gap so far {Worst(results)}"));
        await TellStalledAsync(steered, results);
        foreach (var step in result.Operation!.Step.Where(s => s.Evidence.Contains("copied before", StringComparison.Ordinal))) output.WriteLine($"    {step.Id}: {step.Evidence}");
        Assert.Empty((await steered.ObserveAsync()).OutOfStep);
    }

    /// <summary>What each member knows of connections that have been silent for long.</summary>
    private async Task TellStalledAsync(SteeredBed steered, IReadOnlyList<TestbedConnectionResult> results)
    {
        var stalled = results.Where(r => r.Fault.Length == 0 && r.Answered < r.Sent - 100).Take(3).ToList();
        if (stalled.Count == 0) return;
        var table = (await steered.ObserveAsync()).Table;
        foreach (var flow in stalled.Select(r => r.Flow))
        {
            var slot = table.Rules.SlotOf(new Flow(flow.Client, flow.Server, Flow.Tcp, (ushort)flow.ClientPort, (ushort)flow.ServerPort), FlowSide.Outside, table.Slots.SlotCount);
            output.WriteLine($"    {stalled.Single(s => s.Flow == flow)} has slot {slot} of {table.Slots.ActiveOf(slot)}");
            foreach (var gateway in steered.Bed.Gateways.Where(g => g.IsOn))
            {
                output.WriteLine($"        {gateway.Id}: {(await steered.Bed.RunInsideAsync(gateway, $"conntrack -L -p tcp -f {(flow.Client.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork ? "ipv4" : "ipv6")} -s {flow.Client} --sport {flow.ClientPort} -o extended 2>/dev/null; cat /proc/sys/net/netfilter/nf_conntrack_tcp_be_liberal")).Output.ReplaceLineEndings(" ")}");
            }
        }
    }

    private static string Worst(IReadOnlyList<TestbedConnectionResult> results)
    {
        string Of(IEnumerable<TestbedConnectionResult> some) => some.Select(r => r.WorstGap.TotalMilliseconds).DefaultIfEmpty().Max().ToString("0", CultureInfo.InvariantCulture);
        return $"{Of(results.Where(r => r.Flow.ClientPort < FirstBirth))} ms, {Of(results.Where(r => r.Flow.ClientPort >= FirstBirth))} ms of those that began meanwhile";
    }

    private async Task ExpectAllAsync(OrchestratedConnections connections, TimeSpan? worstGap = null)
    {
        var results = await connections.StopAsync(Patience);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{results.Count} connections, {results.Sum(r => r.Sent)} numbers, worst gap {Worst(results)}, of which the machine kept an end from looking for {connections.LongestStall.TotalMilliseconds:0} ms at most"));
        Assert.All(results, r => Assert.True(r.Lives, r.ToString()));
        Assert.True(results.Max(r => r.WorstGap) < (worstGap ?? WorstGap), $"worst gap {results.Max(r => r.WorstGap)}");
        Assert.True(results.Sum(r => r.Sent) > results.Count * 20);
    }
}

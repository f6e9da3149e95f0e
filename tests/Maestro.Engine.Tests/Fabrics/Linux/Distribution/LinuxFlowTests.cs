using System.Net;
using Maestro.Engine.Clustering.Distribution;
using Maestro.Engine.Clustering.Membership;
using Maestro.Engine.Model.Distribution;
using Maestro.Testbeds;
using static Maestro.Engine.Tests.Fabrics.Linux.OnHosts;

namespace Maestro.Engine.Tests.Fabrics.Linux.Distribution;

/// <summary>Real packets through orchestrators and members, counted at both ends and on the members.</summary>
public sealed class LinuxFlowTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [TestbedFact]
    public async Task Every_flow_goes_both_ways_through_the_member_that_is_named_for_it()
    {
        await using var steered = await SteeredBed.StartAsync();
        foreach (var (mode, layer4) in new[] { (DistributionMode.General, true), (DistributionMode.AutoTopology, true), (DistributionMode.General, false) })
        {
            await steered.SetAsync(mode, layer4);
            foreach (var orchestrator in steered.Bed.Orchestrators)
            {
                await steered.Bed.RouteThroughAsync(orchestrator);
                foreach (var gateway in steered.Bed.Gateways) await steered.Bed.NftLoadAsync(gateway, "flush set inet notes four\nflush set inet notes six\n");
                IReadOnlyList<TestbedFlow> flows = [.. SteeredBed.Flows(90), .. SteeredBed.Flows(90, ipv6: true)];
                await using (var traffic = steered.Bed.StartTraffic(flows, TimeSpan.Zero))
                {
                    Assert.All(await traffic.StopAsync(Patience), r => Assert.Equal((1, 1, 1), (r.Sent, r.Received, r.Answered)));
                }

                await ExpectAsync(steered, flows);
            }
        }
    }

    /// <summary>By the binomial distribution: a slot is a fair draw, and so many slots of all are a member's.</summary>
    [TestbedFact]
    public async Task Flows_spread_over_the_members_as_their_slots_do()
    {
        await using var steered = await SteeredBed.StartAsync(orchestrators: 1, gateways: 4);
        Assert.Equal([128, 128, 128, 128], (await steered.ObserveAsync()).Table.Slots.CountActive());
        Assert.Null((await steered.Session.RunAsync(new SetMembersChange { Group = "dmz", Members = ["1_1", "1_3", "1_4"], Weight = "2" })).Failure);
        Assert.Null((await steered.Session.RunAsync(new SetMembersChange { Group = "dmz", Members = ["1_2"], Weight = "6" })).Failure);
        var slots = (await steered.ObserveAsync()).Table.Slots;
        Assert.Equal([85, 85, 86, 256], slots.CountActive().Order());
        IReadOnlyList<TestbedFlow> flows = SteeredBed.MixedFlows(2000);
        await using (var traffic = steered.Bed.StartTraffic(flows, TimeSpan.Zero))
        {
            Assert.All(await traffic.StopAsync(Patience), r => Assert.Equal((1, 1, 1), (r.Sent, r.Received, r.Answered)));
        }

        var notes = await steered.NotesAsync();
        var gateways = (await steered.Session.MembersAsync()).ToDictionary(m => m.Member, m => m.Gateway);
        for (var n = 0; n < slots.Members.Count; n++)
        {
            var share = slots.CountActive()[n] / (double)slots.SlotCount;
            var (expected, deviation) = (flows.Count * share, Math.Sqrt(flows.Count * share * (1 - share)));
            var carried = flows.Count(f => notes[(new IPEndPoint(f.Client, f.ClientPort), new IPEndPoint(f.Server, f.ServerPort))].SequenceEqual([gateways[slots.Members[n].ToString()]]));
            // So far off once in two million draws.
            Assert.InRange(carried, expected - (5 * deviation), expected + (5 * deviation));
        }
    }

    [TestbedFact]
    public async Task A_table_that_changes_under_traffic_loses_no_datagram_of_a_policy_without_state()
    {
        await using var steered = await SteeredBed.StartAsync(orchestrators: 1);
        var before = (await steered.ObserveAsync()).Table;
        await using var traffic = steered.Bed.StartTraffic([.. SteeredBed.Flows(12), .. SteeredBed.Flows(12, ipv6: true)], TimeSpan.FromMilliseconds(50));

        await steered.SetAsync(DistributionMode.AutoTopology);
        Assert.Null((await steered.Session.RunAsync(new SetMembersChange { Group = "dmz", Members = ["1_2"], Weight = "200" })).Failure);
        Assert.Null((await steered.Session.RunAsync(new RemoveMembersChange { Group = "dmz", Members = ["1_3"], })).Failure);
        await steered.SetAsync(DistributionMode.General);

        var results = await traffic.StopAsync(Patience);
        Assert.All(results, r => Assert.Equal((r.Sent, r.Sent), (r.Received, r.Answered)));
        Assert.True(results.Sum(r => r.Sent) > 500, $"{results.Sum(r => r.Sent)} datagrams");
        var after = (await steered.ObserveAsync()).Table;
        Assert.Equal(["1_1", "1_2"], after.Slots.Members.Select(m => m.ToString()));
        Assert.True(after.Version >= before.Version + 4);
    }

    [TestbedFact]
    public async Task Fragments_reach_the_member_of_the_whole_datagram()
    {
        await using var steered = await SteeredBed.StartAsync(orchestrators: 1);
        // Members that put datagrams together before they judge them: a part that took another way would be missed.
        foreach (var gateway in steered.Bed.Gateways) await steered.Bed.NftLoadAsync(gateway, "add rule inet notes forward ct state invalid drop\n");
        IReadOnlyList<TestbedFlow> flows = [.. SteeredBed.Flows(20), .. SteeredBed.Flows(20, ipv6: true)];

        await using (var traffic = steered.Bed.StartTraffic(flows, TimeSpan.Zero, size: 4000))
        {
            Assert.All(await traffic.StopAsync(Patience), r => Assert.Equal((1, 1, 1), (r.Sent, r.Received, r.Answered)));
        }

        await ExpectAsync(steered, flows);
    }

    /// <summary>Members let an error through only where they know the flow that it is about.</summary>
    [TestbedFact]
    public async Task An_error_reaches_the_member_of_the_flow_that_it_quotes()
    {
        await using var steered = await SteeredBed.StartAsync(orchestrators: 1, policy: """
            table inet web {
                chain forward {
                    type filter hook forward priority 0; policy drop;
                    ct state established,related accept
                    ct state new meta l4proto udp accept
                }
            }
            """);
        var port = 5000;
        foreach (var (mode, layer4) in new[] { (DistributionMode.General, true), (DistributionMode.AutoTopology, true), (DistributionMode.General, false), (DistributionMode.AutoTopology, false) })
        {
            await steered.SetAsync(mode, layer4);
            port++;
            IReadOnlyList<TestbedFlow> flows = [.. new[] { SteeredBed.Flows(40), SteeredBed.Flows(40, ipv6: true) }.SelectMany(f => f).Select(f => f with { ServerPort = port })];
            Assert.Equal(flows, await steered.Bed.SendToNobodyAsync(flows, Patience));
        }
    }

    [TestbedFact]
    public async Task What_nobody_carries_bypasses_nobody()
    {
        await using var steered = await SteeredBed.StartAsync(orchestrators: 1);
        foreach (var way in (string[])["ip", "ip -6"]) await steered.Bed.RunInsideAsync(steered.Bed.Orchestrators[0], $"for rule in $({way} rule show | sed -n 's/.*fwmark \\(0x4d[0-9a-f]*\\).*/\\1/p'); do {way} rule del fwmark $rule; done");

        await using var traffic = steered.Bed.StartTraffic([.. SteeredBed.Flows(10), .. SteeredBed.Flows(10, ipv6: true)], TimeSpan.Zero);

        Assert.All(await traffic.StopAsync(TimeSpan.FromSeconds(2)), r => Assert.Equal((1, 0, 0), (r.Sent, r.Received, r.Answered)));
        Assert.Contains("the rule that sends marked packets", Assert.Single((await steered.ObserveAsync()).OutOfStep));
    }

    [TestbedFact]
    public Task An_orchestrator_that_restarts_steers_as_before_without_anybody() => SteersAfterRestartAsync(systemd: false);

    [SystemdFact]
    public Task So_does_one_whose_process_1_is_systemd() => SteersAfterRestartAsync(systemd: true);

    private static async Task SteersAfterRestartAsync(bool systemd)
    {
        await using var steered = await SteeredBed.StartAsync(orchestrators: 1, gateways: systemd ? 2 : 3, systemd: systemd);
        await steered.SetAsync(DistributionMode.AutoTopology);
        var (orchestrator, before) = (steered.Bed.Orchestrators[0], await steered.ObserveAsync());

        await steered.Bed.PowerCycleAsync(orchestrator);

        if (systemd) Assert.Equal("enabled active\n", await steered.Bed.InsideAsync(orchestrator, "echo $(systemctl is-enabled maestro-steering.service) $(systemctl is-active maestro-steering.service)"));
        else Assert.Equal("steering/boot.sh ended with 0", orchestrator.BootLog.Trim());
        // Its devices came after the boot step.
        await UntilAsync(async () => (await steered.ObserveAsync()).OutOfStep.Count == 0);
        Assert.Equal(before.Table, (await steered.ObserveAsync()).Table);
        IReadOnlyList<TestbedFlow> flows = [.. SteeredBed.Flows(60), .. SteeredBed.Flows(60, ipv6: true)];
        await using (var traffic = steered.Bed.StartTraffic(flows, TimeSpan.Zero))
        {
            Assert.All(await traffic.StopAsync(Patience), r => Assert.Equal((1, 1, 1), (r.Sent, r.Received, r.Answered)));
        }

        await ExpectAsync(steered, flows);
    }

    [TestbedTheory]
    [InlineData("for ways in /var/lib/maestro/steering/*.ways; do : >$ways; done", 0)]
    [InlineData("for table in /var/lib/maestro/steering/*.nft; do echo nonsense >>$table; done", 1)]
    public async Task An_orchestrator_that_restarts_and_knows_no_way_to_its_members_lets_nothing_past_them(string broken, int ended)
    {
        await using var steered = await SteeredBed.StartAsync(orchestrators: 1);
        await steered.Bed.RunInsideAsync(steered.Bed.Orchestrators[0], broken);
        await steered.Bed.PowerCycleAsync(steered.Bed.Orchestrators[0]);

        await using var traffic = steered.Bed.StartTraffic([.. SteeredBed.Flows(10), .. SteeredBed.Flows(10, ipv6: true)], TimeSpan.Zero);

        Assert.All(await traffic.StopAsync(TimeSpan.FromSeconds(2)), r => Assert.Equal((1, 0, 0), (r.Sent, r.Received, r.Answered)));
        Assert.EndsWith($"steering/boot.sh ended with {ended}", steered.Bed.Orchestrators[0].BootLog.Trim(), StringComparison.Ordinal);
        Assert.NotEmpty((await steered.ObserveAsync()).OutOfStep);
        await steered.SetAsync(DistributionMode.General);
        Assert.Empty((await steered.ObserveAsync()).OutOfStep);
    }

    [TestbedFact]
    public async Task An_orchestrator_that_steers_no_group_any_more_has_nothing_left_for_a_restart()
    {
        await using var steered = await SteeredBed.StartAsync(orchestrators: 1);
        Assert.Null((await steered.Session.RunAsync(new RemoveGroupChange { Group = "dmz" })).Failure);

        Assert.False(Directory.Exists(steered.Bed.Orchestrators[0].PathOf("/var/lib/maestro/steering")));
    }

    private static async Task ExpectAsync(SteeredBed steered, IReadOnlyList<TestbedFlow> flows)
    {
        var gateways = (await steered.Session.MembersAsync()).ToDictionary(m => m.Member, m => m.Gateway);
        var notes = await steered.NotesAsync();
        // What Resolve-GroupFlow says, without a look at the hosts for each flow; once with one.
        var traffic = await steered.ObserveAsync();
        FlowPlacement Placement(Flow flow) => FlowResolver.Resolve(traffic, flow, FlowSide.Outside, hasSourcePort: true, hasDestinationPort: true, "testbed");
        var first = FlowOf(flows[0]);
        Assert.Equivalent(Placement(first), await steered.Session.Host.ResolveFlowAsync("dmz", first, FlowSide.Outside, hasSourcePort: true, hasDestinationPort: true, CancellationToken.None));
        var carried = new HashSet<string>();
        foreach (var flow in flows)
        {
            var placement = Placement(FlowOf(flow));
            var (client, server) = (new IPEndPoint(flow.Client, flow.ClientPort), new IPEndPoint(flow.Server, flow.ServerPort));
            Assert.Equal([gateways[placement.Member]], notes[(client, server)]);
            Assert.Equal([gateways[placement.Member]], notes[(server, client)]);
            carried.Add(placement.Member);
        }

        Assert.Equal(gateways.Keys.ToHashSet(), carried);
    }

    private static Flow FlowOf(TestbedFlow flow) => new(flow.Client, flow.Server, Flow.Udp, (ushort)flow.ClientPort, (ushort)flow.ServerPort);
}

using System.Globalization;
using Maestro.Engine.Clustering.Membership;
using Maestro.Engine.Clustering.Distribution;
using Maestro.Engine.Clustering.Distribution.Nat;
using Maestro.Engine.Clustering.Failover;
using Maestro.Engine.Model.Distribution;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Groups;
using Maestro.Engine.Operations.Plans;
using Maestro.Engine.Operations.Running;
using Maestro.Engine.Synchronisation.Policy;
using Maestro.Testbeds;
using Xunit.Abstractions;

namespace Maestro.Engine.Tests.Fabrics.Linux.Distribution;

/// <summary>Translated flows through members that drop whatever belongs to no connection that they know.</summary>
public sealed class LinuxNatTests(ITestOutputHelper output)
{
    [TestbedFact]
    public async Task Translated_flows_go_on_under_planned_moves()
    {
        await using var steered = await NatBed.StartAsync();
        await using var traffic = await NatTraffic.StartAsync(steered.Bed);
        // Datagrams of each flow are known both ways before anything moves.
        await Task.Delay(TimeSpan.FromSeconds(1));
        await ChangeAsync(steered, traffic, "weight 1_2 becomes 3", new SetMembersChange { Group = "dmz", Members = ["1_2"], Weight = "3" });
        await ChangeAsync(steered, traffic, "suspend 1_1", new SuspendMembersChange { Group = "dmz", Members = ["1_1"] });
        await ChangeAsync(steered, traffic, "resume 1_1", new ResumeMembersChange { Group = "dmz", Members = ["1_1"] });
        await ChangeAsync(steered, traffic, "1024 slots", new SetDistributionChange { Group = "dmz", SlotCount = 1024 });
        await ChangeAsync(steered, traffic, "weight 1_2 by cores", new SetMembersChange { Group = "dmz", Members = ["1_2"], Weight = "" });
        await traffic.ExpectAllAsync(output);
    }

    [TestbedFact]
    public async Task Translated_flows_go_on_when_their_member_loses_its_power()
    {
        await using var steered = await NatBed.StartAsync(stateSync: true);
        await using var traffic = await NatTraffic.StartAsync(steered.Bed);
        var table = (await steered.ObserveAsync()).Table;
        // What is copied is three seconds old at least.
        await Task.Delay(TimeSpan.FromSeconds(8));

        await steered.Bed.PowerOffAsync(steered.Bed.Gateways[0]);
        // Who watches tries again a second later where a host did not answer in time.
        var result = await FailOverAsync(steered);
        for (var again = 0; again < 20 && result.Failure is not null; again++) result = await FailOverAsync(steered);
        Assert.True(result.Failure is null, result.Failure?.Message);
        await Task.Delay(TimeSpan.FromSeconds(2));
        var lost = new MemberId(1, 1);
        var carried = NatTraffic.InboundTcp.Count(f => table.Slots.ActiveOf(NatBed.SlotOf(table, f, isOutbound: false))!.Id == lost) + NatTraffic.OutboundTcp.Count(f => table.Slots.ActiveOf(NatBed.SlotOf(table, f, isOutbound: true))!.Id == lost);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{carried} of the connections were the lost member's; {result.Operation!.Step.Last().Evidence}"));
        Assert.True(carried > 5);
        // A datagram that was sent to the dead is lost: those of 50 flows, 20 a second, for as long as it took.
        await traffic.ExpectAllAsync(output, mayLose: 20_000);
    }

    [TestbedFact]
    public async Task What_cannot_be_distributed_is_refused_before_anything_is_sent()
    {
        await using var steered = await SteeredBed.StartAsync(orchestrators: 1, gateways: 2);
        var (before, session) = ((await steered.Session.MembersAsync())[0].PolicyVersion, steered.Session);
        var writes = session.Wire.Writes;

        // The mode that every group begins with.
        var fault = await Assert.ThrowsAsync<MaestroException>(() => session.SyncAsync(NatBed.Policy));
        Assert.Equal((ErrorCatalogue.NatNotDistributable, "dmz"), (fault.Code, fault.Target));
        Assert.Equal(writes, session.Wire.Writes);
        Assert.Contains("in mode General", fault.Message);
        Assert.Contains("Set-GroupDistribution -Mode AutoTopology -Layer4 $false", fault.Advice);
        await steered.SetAsync(DistributionMode.AutoTopology);
        Assert.Contains("with layer 4", (await Assert.ThrowsAsync<MaestroException>(() => session.SyncAsync(NatBed.Policy))).Message);
        await steered.SetAsync(DistributionMode.AutoTopology, layer4: false);
        fault = await Assert.ThrowsAsync<MaestroException>(() => session.SyncAsync(NatBed.Policy.Replace("oifname \"eth1\" ", "", StringComparison.Ordinal).Replace("iifname \"eth2\" ", "", StringComparison.Ordinal)));
        Assert.Contains("add oifname \"eth1\" to the rule", fault.Advice);
        Assert.Equal(before, (await session.MembersAsync())[0].PolicyVersion);

        Assert.Null((await session.SyncAsync(NatBed.Policy)).Failure);
        // What the group has by now no mode may part.
        foreach (var change in (ChangeRequest[])[new SetDistributionChange { Group = "dmz", Mode = DistributionMode.General }, new SetDistributionChange { Group = "dmz", Layer4 = true }])
        {
            Assert.Equal(ErrorCatalogue.NatNotDistributable, (await Assert.ThrowsAsync<MaestroException>(() => session.RunAsync(change))).Code);
        }

        // A store that never saw the policy reads it from a member.
        await using var stranger = LinuxSession.Open(steered.Bed, "b");
        Assert.Equal(ErrorCatalogue.NatNotDistributable, (await Assert.ThrowsAsync<MaestroException>(() => stranger.RunAsync(new SetDistributionChange { Group = "dmz", Layer4 = true }))).Code);
        var waived = await session.RunAsync(new SetDistributionChange { Group = "dmz", Layer4 = true }, new RunOptions { SkipChecks = [NatGate.NatCheck] });
        Assert.True(waived.Failure is null, waived.Failure?.Message);
        Assert.Contains(waived.Plan.Decisions, d => d.Reason.StartsWith("NAT that cannot be distributed is let through by -SkipCheck Nat", StringComparison.Ordinal));

        // What it was refused for: ports that are translated on either way part the directions. Without them nothing is lost.
        await NatBed.RouteAsync(steered);
        Assert.All(await SendAsync(steered, firstPort: 27000), lost => Assert.InRange(lost, 1, 39));
        await steered.SetAsync(DistributionMode.AutoTopology, layer4: false);
        Assert.All(await SendAsync(steered, firstPort: 28000), lost => Assert.Equal(0, lost));
    }

    /// <returns>How many of 40 datagrams each had no answer: those to the published address, and those of servers.</returns>
    private async Task<int[]> SendAsync(SteeredBed steered, int firstPort)
    {
        var lost = new List<int>();
        foreach (var (flows, isOutbound) in new[] { (NatBed.Inbound(40, server: 4, firstPort), false), (NatBed.Outbound(40, firstPort + 100), true) })
        {
            await using var traffic = steered.Bed.StartTraffic(flows, TimeSpan.Zero, isOutbound: isOutbound);
            lost.Add((await traffic.StopAsync(TimeSpan.FromSeconds(5))).Sum(r => r.Sent - r.Answered));
        }

        output.WriteLine($"of 40 datagrams each {lost[0]} inbound and {lost[1]} outbound had no answer");
        return [.. lost];
    }

    /// <summary>Why these two are refused.</summary>
    [TestbedFact]
    public async Task What_ends_at_a_member_or_has_its_address_is_lost_by_a_move()
    {
        await using var steered = await SteeredBed.StartStrictAsync();
        await steered.SetAsync(DistributionMode.AutoTopology, layer4: false);
        await NatBed.RouteAsync(steered);
        var policy = SteeredBed.Strict[..SteeredBed.Strict.LastIndexOf('}')] + """
            chain leaving {
                type nat hook postrouting priority srcnat; policy accept;
                oifname "eth1" masquerade
            }
        }
        """;
        Assert.Contains("takes the address of the member's own device", (await Assert.ThrowsAsync<MaestroException>(() => steered.Session.SyncAsync(policy))).Message);
        var result = await steered.Session.RunAsync(new SyncPolicyChange { Group = "dmz", Document = steered.Session.Document(policy) }, new RunOptions { SkipChecks = ["nat"] });
        Assert.True(result.Failure is null, result.Failure?.Message);
        var flows = NatBed.Outbound(16, firstPort: 26000);
        var table = (await steered.ObserveAsync()).Table;
        var moved = flows.Where(f => table.Slots.ActiveOf(NatBed.SlotOf(table, f, isOutbound: true))!.Id == new MemberId(1, 2)).ToHashSet();
        await using var connections = await steered.Bed.StartConnectionsAsync(flows, TimeSpan.FromMilliseconds(50), isOutbound: true);
        await Task.Delay(TimeSpan.FromSeconds(1));
        Assert.All(connections.Results, r => Assert.True(r.Fault.Length == 0 && r.Answered > 0, r.ToString()));

        // It hands over all that it knows, and is gone.
        Assert.Null((await steered.Session.RunAsync(new SuspendMembersChange { Group = "dmz", Members = ["1_2"] })).Failure);
        await steered.Bed.PowerOffAsync(steered.Bed.Gateways[1]);
        await Task.Delay(TimeSpan.FromSeconds(1));

        var results = await connections.StopAsync(TimeSpan.FromSeconds(5));
        output.WriteLine($"{moved.Count} of {flows.Count} masqueraded connections were those of the member that left, {results.Count(r => !r.Lives)} did not go on");
        Assert.NotEmpty(moved);
        Assert.Equal(moved, results.Where(r => !r.Lives).Select(r => r.Flow).ToHashSet());
    }

    private static Task<OperationResult> FailOverAsync(SteeredBed steered) => steered.Session.RunAsync(new FailoverChange { Group = "dmz", Lost = ["1_1"], Gateways = ["fw-a1"], Reason = "its power went" });

    private async Task ChangeAsync(SteeredBed steered, NatTraffic traffic, string words, ChangeRequest change)
    {
        var began = TimeProvider.System.GetTimestamp();
        var result = await steered.Session.RunAsync(change);
        var took = TimeProvider.System.GetElapsedTime(began);
        Assert.True(result.Failure is null, $"{words}: {result.Failure?.Message}");
        await Task.Delay(TimeSpan.FromMilliseconds(300));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{words}: {took.TotalMilliseconds:0} ms, {traffic.Words}"));
        foreach (var step in result.Operation!.Step.Where(s => s.Evidence.Contains("copied before", StringComparison.Ordinal))) output.WriteLine($"    {step.Id}: {step.Evidence}");
        Assert.Empty((await steered.ObserveAsync()).OutOfStep);
    }
}

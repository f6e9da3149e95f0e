using System.Globalization;
using Maestro.Engine.Clustering.Distribution;
using Maestro.Engine.Clustering.Membership;
using Maestro.Engine.Model.Distribution;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Operations.Plans;
using Maestro.Testbeds;
using Maestro.Testbeds.Traffic;
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

    // A lost packet costs a retransmission, 200 ms at the least, and one that nobody knows any more much more. The aim is 100 ms; this machine does other things, too.
    private static readonly TimeSpan WorstGap = TimeSpan.FromSeconds(1);

    private const string Strict = """
        table inet web {
            chain forward {
                type filter hook forward priority 0; policy drop;
                ct state established,related accept
                ct state new tcp flags & (fin | syn | rst | ack) == syn accept
                ct state new meta l4proto { udp, icmp, ipv6-icmp } accept
            }
        }
        """;

    [TestbedFact]
    public async Task Connections_go_on_when_weights_and_rules_change()
    {
        await using var steered = await StartAsync();
        await using var connections = await steered.Bed.StartConnectionsAsync(Flows(), Pace);
        await ChangeAsync(steered, connections, "weight 1_2 becomes 3", new SetMembersChange { Group = "dmz", Members = ["1_2"], Weight = "3" });
        await ChangeAsync(steered, connections, "mode AutoTopology", new SetDistributionChange { Group = "dmz", Mode = DistributionMode.AutoTopology });
        await ChangeAsync(steered, connections, "1024 slots", new SetDistributionChange { Group = "dmz", SlotCount = 1024 });
        await ChangeAsync(steered, connections, "weight 1_2 by cores", new SetMembersChange { Group = "dmz", Members = ["1_2"], Weight = "" });
        await ExpectAllAsync(connections);
    }

    [TestbedFact]
    public async Task A_member_that_cannot_tell_its_connections_keeps_its_slots()
    {
        await using var steered = await StartAsync();
        var before = await steered.ObserveAsync();
        (await steered.Bed.RunInsideAsync(steered.Bed.Gateways[1], "mount --bind /dev/null \"$(command -v conntrack)\"")).EnsureSuccess();

        var result = await steered.Session.RunAsync(new SetMembersChange { Group = "dmz", Members = ["1_1"], Weight = "64" });

        var fault = Assert.IsType<MaestroException>(result.Failure);
        Assert.Equal(ErrorCatalogue.ConnectionsNotMoved, fault.Code);
        Assert.Contains("1_2: conntrack is missing", fault.Message);
        Assert.Equal(before.Table, (await steered.ObserveAsync()).Table);
        Assert.Null((await steered.Session.MembersAsync())[0].Weight);
    }

    private static async Task<SteeredBed> StartAsync()
    {
        var steered = await SteeredBed.StartAsync(orchestrators: 1, policy: Strict);
        foreach (var gateway in steered.Bed.Gateways) (await steered.Bed.RunInsideAsync(gateway, "echo 0 >/proc/sys/net/netfilter/nf_conntrack_tcp_loose")).EnsureSuccess();
        return steered;
    }

    private static IReadOnlyList<TestbedFlow> Flows()
    {
        var count = Endurance ? 500 : 50;
        return [.. SteeredBed.Flows(count * 4 / 5), .. SteeredBed.Flows(count / 5, ipv6: true)];
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
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{words}: {took.TotalMilliseconds:0} ms, {results.Count(r => r.Fault.Length > 0)} of {results.Count} connections broken, worst gap so far {results.Max(r => r.WorstGap).TotalMilliseconds:0} ms"));
        foreach (var step in result.Operation!.Step.Where(s => s.Evidence.Contains("slots", StringComparison.Ordinal))) output.WriteLine($"    {step.Id}: {step.Evidence}");
        Assert.Empty((await steered.ObserveAsync()).OutOfStep);
    }

    private async Task ExpectAllAsync(OrchestratedConnections connections)
    {
        var results = await connections.StopAsync(Patience);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{results.Count} connections, {results.Sum(r => r.Sent)} numbers, worst gap {results.Max(r => r.WorstGap).TotalMilliseconds:0} ms"));
        Assert.All(results, r => Assert.True(r.Lives, r.ToString()));
        Assert.All(results, r => Assert.True(r.WorstGap < WorstGap, r.ToString()));
        Assert.True(results.Sum(r => r.Sent) > results.Count * 20);
    }
}

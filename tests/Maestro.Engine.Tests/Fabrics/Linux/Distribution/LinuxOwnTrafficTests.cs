using System.Net;
using Maestro.Engine.Clustering.Membership;
using Maestro.Testbeds;

namespace Maestro.Engine.Tests.Fabrics.Linux.Distribution;

/// <summary>What the gateways begin by themselves, through the orchestrators: each from addresses of its own, and each gets its answers.</summary>
public sealed class LinuxOwnTrafficTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [TestbedFact]
    public async Task Each_member_gets_the_answers_to_what_it_asks_on_either_side()
    {
        await using var steered = await NatBed.StartAsync();
        foreach (var gateway in steered.Bed.Gateways) await ExpectAnswersAsync(steered.Bed, gateway);

        // Also one that carries nothing at the moment: it is looked after most of all then.
        Assert.Null((await steered.Session.RunAsync(new SuspendMembersChange { Group = "dmz", Members = ["1_2"] })).Failure);
        Assert.Empty((await steered.ObserveAsync()).OutOfStep);
        await ExpectAnswersAsync(steered.Bed, steered.Bed.Gateways[1]);

        Assert.Null((await steered.Session.RunAsync(new ResumeMembersChange { Group = "dmz", Members = ["1_2"] })).Failure);

        // And one that joins.
        Assert.Null((await steered.Session.RunAsync(new RemoveMembersChange { Group = "dmz", Members = ["1_3"] })).Failure);
        Assert.Empty((await steered.ObserveAsync()).OutOfStep);
        Assert.Null((await steered.Session.RunAsync(new AddMembersChange { Group = "dmz", Gateways = ["fw-a3"] })).Failure);
        Assert.Empty((await steered.ObserveAsync()).OutOfStep);
        await ExpectAnswersAsync(steered.Bed, steered.Bed.Gateways[2]);
    }

    private static async Task ExpectAnswersAsync(Testbed bed, TestbedGateway gateway)
    {
        foreach (var isOutbound in (bool[])[true, false])
        {
            IReadOnlyList<TestbedFlow> flows = [.. Enumerable.Range(0, 40).Select(n => Flow(bed, gateway, n, isOutbound))];
            await using (var datagrams = bed.StartTraffic(flows, TimeSpan.Zero, isOutbound: isOutbound, own: gateway))
            {
                Assert.All(await datagrams.StopAsync(Patience), r => Assert.Equal((1, 1, 1), (r.Sent, r.Received, r.Answered)));
            }

            await using (var connections = await bed.StartConnectionsAsync(flows, TimeSpan.FromMilliseconds(50), isOutbound, gateway))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(300));
                Assert.All(await connections.StopAsync(Patience), r => Assert.True(r is { Lives: true, Sent: > 2 }, r.ToString()));
            }

            flows = [.. flows.Select(f => f with { ClientPort = f.ClientPort + 1000, ServerPort = 9 })];
            Assert.Equal(flows, await bed.SendToNobodyAsync(flows, Patience, isOutbound, gateway));
        }
    }

    private static TestbedFlow Flow(Testbed bed, TestbedGateway gateway, int number, bool isOutbound)
    {
        var isIPv6 = number % 4 == 3;
        var index = bed.Gateways.ToList().IndexOf(gateway) + 1;
        var (own, far) = isOutbound
            ? (isIPv6 ? IPAddress.Parse($"fd4d:6165:0:91::1:{index}") : gateway.OutsideAddress, Testbed.Client((number % Testbed.PeerCount) + 1, isIPv6))
            : (isIPv6 ? IPAddress.Parse($"fd4d:6165:0:92::1:{index}") : gateway.InsideAddress, Testbed.Server((number % Testbed.PeerCount) + 1, isIPv6));
        return new TestbedFlow(own, 25000 + number, far, 7000);
    }
}

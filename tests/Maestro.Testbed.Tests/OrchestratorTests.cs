namespace Maestro.Testbeds.Tests;

/// <summary>Clients and servers beyond orchestrators, which here send all to one gateway by plain routes.</summary>
public sealed class OrchestratorTests
{
    [TestbedFact]
    public async Task Datagrams_go_the_way_that_an_orchestrator_chooses_and_are_counted_at_both_ends()
    {
        await using var bed = await Testbed.StartAsync(new TestbedOptions { Gateways = 2, Orchestrators = 2 });
        var second = bed.Gateways[1];
        foreach (var orchestrator in bed.Orchestrators) await SendAllToAsync(bed, orchestrator, second);
        foreach (var gateway in bed.Gateways) await bed.NftLoadAsync(gateway, "table inet count {\nchain forward {\ntype filter hook forward priority 0; counter\n}\n}\n");

        foreach (var orchestrator in bed.Orchestrators)
        {
            await bed.RouteThroughAsync(orchestrator);
            foreach (var ipv6 in (bool[])[false, true])
            {
                TestbedFlow[] flows = [.. Enumerable.Range(1, 4).Select(n => new TestbedFlow(Testbed.Client(n, ipv6), 4000 + n, Testbed.Server(n, ipv6), 53))];
                await using var traffic = bed.StartTraffic(flows, TimeSpan.Zero);
                Assert.All(await traffic.StopAsync(TimeSpan.FromSeconds(20)), r => Assert.Equal((1, 1, 1), (r.Sent, r.Received, r.Answered)));
            }
        }

        Assert.Contains("packets 32 ", await bed.NftListAsync(second));
        Assert.Contains("packets 0 ", await bed.NftListAsync(bed.Gateways[0]));
    }

    private static async Task SendAllToAsync(Testbed bed, TestbedHost orchestrator, TestbedGateway gateway)
    {
        string Batch(string device, string via, string viaIPv6) => $"""
            rule add iif {device} lookup 7{device[^1]}
            -6 rule add iif {device} lookup 7{device[^1]}
            route add default via {via} table 7{device[^1]}
            route add default via {viaIPv6} table 7{device[^1]}

            """;
        var batch = Batch("eth4", $"{gateway.OutsideAddress}", "fd4d:6165:0:91::1:2") + Batch("eth5", $"{gateway.InsideAddress}", "fd4d:6165:0:92::1:2");
        string[] six = [.. batch.Split('\n').Where(line => line.StartsWith("-6", StringComparison.Ordinal)).Select(line => line[3..])];
        string[] four = [.. batch.Split('\n').Where(line => !line.StartsWith("-6", StringComparison.Ordinal))];
        (await bed.RunInsideAsync(orchestrator, "ip -batch -", string.Join("\n", four))).EnsureSuccess();
        (await bed.RunInsideAsync(orchestrator, "ip -6 -batch -", string.Join("\n", six) + "\n")).EnsureSuccess();
    }
}

namespace Maestro.Testbeds.Tests;

public sealed class TrafficTests(TrafficTests.Pair shared) : IClassFixture<TrafficTests.Pair>
{
    private const string Rules = """
        table inet probe {
            chain forward {
                type filter hook forward priority 0; policy accept;
                tcp dport 81 drop
                tcp dport 82 reject with tcp reset
                udp dport 81 drop
                udp dport 82 reject
                icmp type echo-request drop
                icmpv6 type echo-request drop
            }
        }
        """;

    private Testbed Bed => shared.Bed;

    private TestbedGateway Open => Bed.Gateways[0];

    private TestbedGateway Filtering => Bed.Gateways[1];

    [TestbedTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Packets_pass_a_gateway_that_forbids_nothing(bool ipv6)
    {
        var options = new TrafficOptions { IPv6 = ipv6, Patience = TimeSpan.FromSeconds(20) };

        Assert.Equal(new TrafficResult(TrafficOutcome.Passed, 1, 1, 1), await Bed.SendTcpAsync(Open, 80, options));
        Assert.Equal(new TrafficResult(TrafficOutcome.Passed, 3, 3, 3), await Bed.SendUdpAsync(Open, 53, options));
        Assert.Equal(new TrafficResult(TrafficOutcome.Passed, 3, 3, 3), await Bed.PingAsync(Open, options));
    }

    [TestbedTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_a_rule_drops_never_reaches_the_other_side(bool ipv6)
    {
        await shared.LoadAsync(Filtering, Rules);
        var options = new TrafficOptions { IPv6 = ipv6 };

        Assert.Equal(new TrafficResult(TrafficOutcome.Lost, 1, 0, 0), await Bed.SendTcpAsync(Filtering, 81, options));
        Assert.Equal(new TrafficResult(TrafficOutcome.Lost, 3, 0, 0), await Bed.SendUdpAsync(Filtering, 81, options));
        Assert.Equal(new TrafficResult(TrafficOutcome.Lost, 3, 0, 0), await Bed.PingAsync(Filtering, options));
        Assert.True((await Bed.SendTcpAsync(Filtering, 80, options with { Patience = TimeSpan.FromSeconds(20) })).Passed);
    }

    [TestbedFact]
    public async Task A_refusal_is_told_from_a_loss()
    {
        await shared.LoadAsync(Filtering, Rules);
        var options = new TrafficOptions { Patience = TimeSpan.FromSeconds(20), Count = 1 };

        Assert.Equal(new TrafficResult(TrafficOutcome.Refused, 1, 0, 0), await Bed.SendTcpAsync(Filtering, 82, options));
        Assert.Equal(new TrafficResult(TrafficOutcome.Refused, 1, 0, 0), await Bed.SendUdpAsync(Filtering, 82, options));
    }

    [TestbedFact]
    public async Task An_open_connection_lives_until_a_rule_stops_it()
    {
        await using var flow = await Bed.OpenTcpFlowAsync(Open, 8080, new TrafficOptions { Patience = TimeSpan.FromSeconds(20) });
        Assert.True(await flow.ExchangeAsync(TimeSpan.FromSeconds(20)));

        await Bed.NftLoadAsync(Open, "table inet stop { chain forward { type filter hook forward priority 0; policy accept; tcp dport 8080 drop; }; }");
        Assert.False(await flow.ExchangeAsync());

        await Bed.NftLoadAsync(Open, "delete table inet stop");
        Assert.True(await flow.ExchangeAsync(TimeSpan.FromSeconds(20)));
    }

    [TestbedFact]
    public async Task A_cut_cable_carries_nothing_and_the_others_do()
    {
        await Bed.CutNetworkAsync(Open, GatewayLinks.Outside);
        try
        {
            Assert.True((await Bed.PingAsync(Open)).Dropped);
            Assert.Equal($"{Open.Id}\n", (await Bed.RunSshAsync(Open, "hostname")).Output);
        }
        finally
        {
            await Bed.RestoreNetworkAsync(Open);
        }

        Assert.True((await Bed.PingAsync(Open, new TrafficOptions { Patience = TimeSpan.FromSeconds(20) })).Passed);
    }

    public sealed class Pair() : TestbedFixture(new TestbedOptions { Gateways = 2 })
    {
        public Task LoadAsync(TestbedGateway gateway, string rules) => Bed.NftLoadAsync(gateway, $"table inet probe\ndelete table inet probe\n{rules}");
    }
}

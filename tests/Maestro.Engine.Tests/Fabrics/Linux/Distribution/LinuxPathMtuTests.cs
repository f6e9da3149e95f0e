using System.Globalization;
using System.Net;
using Maestro.Testbeds;
using Xunit.Abstractions;

namespace Maestro.Engine.Tests.Fabrics.Linux.Distribution;

/// <summary>
/// Packets that are too large for a hop of their way, in translated connections: whoever sends them must be told, by an error that reaches the member which knows the
/// connection and is translated back there. Nobody probes for the size, so without that nothing arrives.
/// </summary>
public sealed class LinuxPathMtuTests(ITestOutputHelper output)
{
    private const int Narrow = 1300;
    private const int Bytes = 300_000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    [TestbedFact]
    public async Task A_hop_behind_the_server_or_the_client_that_takes_less_is_learnt()
    {
        await using var steered = await StartAsync();
        await steered.Bed.AddNarrowAsync(server: true, Narrow);
        await steered.Bed.AddNarrowAsync(server: false, Narrow);
        await ExpectAsync(steered, n => Inbound(n, Testbed.Behind(server: true, IsIPv6(n)), port: 81), isOutbound: false, "behind the server");
        await ExpectAsync(steered, n => Outbound(n, Testbed.Behind(server: false, IsIPv6(n))), isOutbound: true, "behind the client");
        await ExpectLearntAsync(steered);
    }

    [TestbedFact]
    public async Task A_gateways_own_device_that_takes_less_is_learnt()
    {
        await using var steered = await StartAsync();
        foreach (var gateway in steered.Bed.Gateways)
        {
            (await steered.Bed.RunInsideAsync(gateway, $"ip link set eth1 mtu {Narrow} && ip link set eth2 mtu {Narrow} && echo 0 >/proc/sys/net/ipv4/icmp_ratelimit && echo 0 >/proc/sys/net/ipv6/icmp/ratelimit")).EnsureSuccess();
        }

        await ExpectAsync(steered, n => Inbound(n, Testbed.Server(3, IsIPv6(n)), port: 80), isOutbound: false, "at the gateways, towards the server");
        await ExpectAsync(steered, n => Outbound(n, Testbed.Client(n + 1, IsIPv6(n))), isOutbound: true, "at the gateways, towards the client");
        await ExpectLearntAsync(steered);
    }

    private async Task ExpectAsync(SteeredBed steered, Func<int, TestbedFlow> flowOf, bool isOutbound, string words)
    {
        // One after another: each has its own port at the far end, but all of them the same listener's address.
        var arrived = new List<int>();
        foreach (var flow in Enumerable.Range(0, 12).Select(flowOf)) arrived.Add(await steered.Bed.TransferAsync(flow, Bytes, Patience, isOutbound));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{words}: {arrived.Count(a => a == Bytes)} of {arrived.Count} transfers of {Bytes} bytes arrived"));
        Assert.All(arrived, a => Assert.Equal(Bytes, a));
    }

    /// <summary>Else it was not the error that let them through.</summary>
    private static async Task ExpectLearntAsync(SteeredBed steered)
    {
        foreach (var (published, from) in new[] { ("10.96.0.2", Testbed.Client(1)), ("fd4d:6165:0:96::2", Testbed.Client(3, ipv6: true)) })
        {
            Assert.Contains($"mtu {Narrow}", await steered.Bed.RunBeyondAsync(atServer: false, $"ip route get {published} from {from}"));
        }
    }

    private static async Task<SteeredBed> StartAsync()
    {
        var steered = await NatBed.StartAsync();
        var policy = NatBed.Policy.Replace(
            "type nat hook prerouting priority dstnat; policy accept;",
            $"""
            type nat hook prerouting priority dstnat; policy accept;
                    iifname "eth1" ip daddr 10.96.0.2 tcp dport 81 dnat ip to {Testbed.Behind(server: true)}:8080
                    iifname "eth1" ip6 daddr fd4d:6165:0:96::2 tcp dport 81 dnat ip6 to [{Testbed.Behind(server: true, ipv6: true)}]:8080
            """,
            StringComparison.Ordinal);
        var result = await steered.Session.SyncAsync(policy);
        Assert.True(result.Failure is null, result.Failure?.Message);
        return steered;
    }

    private static bool IsIPv6(int number) => number % 3 == 2;

    private static TestbedFlow Inbound(int number, IPAddress server, int port) => new(Testbed.Client(number + 1, IsIPv6(number)), 31000 + number, server, 8080)
    {
        Towards = new IPEndPoint(IPAddress.Parse(IsIPv6(number) ? "fd4d:6165:0:96::2" : "10.96.0.2"), port),
    };

    private static TestbedFlow Outbound(int number, IPAddress client) => new(Testbed.Server((number % 5) + 1, IsIPv6(number)), 32000 + number, client, 8080) { IsHidden = true };
}

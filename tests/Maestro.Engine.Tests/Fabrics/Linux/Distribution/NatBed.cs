using System.Net;
using Maestro.Engine.Clustering.Distribution;
using Maestro.Engine.Model.Distribution;
using Maestro.Testbeds;
using Maestro.Testbeds.Traffic;

namespace Maestro.Engine.Tests.Fabrics.Linux.Distribution;

/// <summary>
/// A steered bed whose members translate what leaves to the outside into one address of the group, and what comes in for another one into a server; both
/// families. They drop whatever belongs to no connection that they know.
/// </summary>
internal static class NatBed
{
    private static readonly IPAddress Hiding = IPAddress.Parse("10.96.0.1");
    private static readonly IPAddress HidingIPv6 = IPAddress.Parse("fd4d:6165:0:96::1");
    private static readonly IPAddress Published = IPAddress.Parse("10.96.0.2");
    private static readonly IPAddress PublishedIPv6 = IPAddress.Parse("fd4d:6165:0:96::2");

    /// <summary>TCP and UDP leave with ports of a range, which are never those that they came with.</summary>
    public static string Policy { get; } = SteeredBed.Strict[..SteeredBed.Strict.LastIndexOf('}')] + $$"""
            chain leaving {
                type nat hook postrouting priority srcnat; policy accept;
                iifname "eth2" oifname "eth1" meta nfproto ipv4 meta l4proto { tcp, udp } snat ip to {{Hiding}}:50000-59999
                iifname "eth2" oifname "eth1" meta nfproto ipv6 meta l4proto { tcp, udp } snat ip6 to [{{HidingIPv6}}]:50000-59999
            }
            chain entering {
                type nat hook prerouting priority dstnat; policy accept;
                iifname "eth1" ip daddr {{Published}} tcp dport 80 dnat ip to {{Testbed.Server(3)}}:8080
                iifname "eth1" ip daddr {{Published}} udp dport 80 dnat ip to {{Testbed.Server(4)}}:8080
                iifname "eth1" ip6 daddr {{PublishedIPv6}} tcp dport 80 dnat ip6 to [{{Testbed.Server(3, ipv6: true)}}]:8080
                iifname "eth1" ip6 daddr {{PublishedIPv6}} udp dport 80 dnat ip6 to [{{Testbed.Server(4, ipv6: true)}}]:8080
            }
        }
        """;

    public static async Task<SteeredBed> StartAsync(bool stateSync = false, int gateways = 3)
    {
        var steered = await SteeredBed.StartStrictAsync(stateSync: stateSync, gateways: gateways);
        await steered.SetAsync(DistributionMode.AutoTopology, layer4: false);
        Assert.Null((await steered.Session.SyncAsync(Policy)).Failure);
        await RouteAsync(steered);
        return steered;
    }

    /// <summary>Clients know the way to the group's addresses, and both sides the way to the members' own.</summary>
    public static async Task RouteAsync(SteeredBed steered)
    {
        await steered.Bed.RunBeyondAsync(atServer: false, """
            set -e
            ip route add 10.96.0.0/16 via 10.94.3.1
            ip route add 10.91.1.0/24 via 10.94.3.1
            ip -6 route add fd4d:6165:0:96::/64 via fd4d:6165:0:94::3:1
            ip -6 route add fd4d:6165:0:91::1:0/112 via fd4d:6165:0:94::3:1
            """);
        await steered.Bed.RunBeyondAsync(atServer: true, """
            set -e
            ip route add 10.92.1.0/24 via 10.95.3.1
            ip -6 route add fd4d:6165:0:92::1:0/112 via fd4d:6165:0:95::3:1
            """);
    }

    /// <summary>From clients to the published address; a fifth of them IPv6.</summary>
    public static IReadOnlyList<TestbedFlow> Inbound(int count, int server, int firstPort) =>
    [
        .. Enumerable.Range(0, count).Select(n => (Number: n, IsIPv6: n % 5 == 4)).Select(f => new TestbedFlow(Testbed.Client((f.Number % Testbed.PeerCount) + 1, f.IsIPv6), firstPort + f.Number, Testbed.Server(server, f.IsIPv6), 8080)
        {
            Towards = new IPEndPoint(f.IsIPv6 ? PublishedIPv6 : Published, 80),
        }),
    ];

    /// <summary>From servers to addresses outside, many with the same port of their own; a fifth of them IPv6.</summary>
    public static IReadOnlyList<TestbedFlow> Outbound(int count, int firstPort) =>
    [
        .. Enumerable.Range(0, count).Select(n => (Number: n, IsIPv6: n % 5 == 4)).Select(f => new TestbedFlow(Testbed.Server((f.Number % 5) + 1, f.IsIPv6), firstPort + (f.Number / 5), Testbed.Client((f.Number % Testbed.PeerCount) + 1, f.IsIPv6), firstPort + f.Number)
        {
            IsHidden = true,
        }),
    ];

    /// <summary>Whether the server saw the group's address, under one port of its range from the first packet to the last.</summary>
    public static bool IsHiddenBehindGroup(TestbedFlow flow, IReadOnlyList<IPEndPoint?> seenFrom) =>
        seenFrom is [{ Port: >= 50000 and <= 59999 } one] && one.Address.Equals(flow.Server.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork ? Hiding : HidingIPv6);

    public static int SlotOf(DistributionTable table, TestbedFlow flow, bool isOutbound) =>
        table.Rules.SlotOf(new Flow(flow.Client, flow.Towards?.Address ?? flow.Server, 0, 0, 0), isOutbound ? FlowSide.Inside : FlowSide.Outside, table.Slots.SlotCount);
}

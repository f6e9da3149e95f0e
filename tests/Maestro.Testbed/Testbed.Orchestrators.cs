using System.Net;
using Maestro.Testbeds.Machine;
using Maestro.Testbeds.Traffic;

namespace Maestro.Testbeds;

public sealed partial class Testbed
{
    /// <summary>How many addresses the client and the server beyond the orchestrators have, in each family.</summary>
    public const int PeerCount = OrchestratedRoutes.Peers;

    /// <summary>One of the client's addresses beyond the orchestrators, by its number from 1 on.</summary>
    public static IPAddress Client(int number, bool ipv6 = false) => Peer(AddressPlan.Segment.Clients, number, ipv6);

    /// <summary>One of the server's addresses beyond the orchestrators, by its number from 1 on.</summary>
    public static IPAddress Server(int number, bool ipv6 = false) => Peer(AddressPlan.Segment.Servers, number, ipv6);

    /// <summary>Makes an orchestrator the one that client, server and all gateways send to: what the pair's own redundancy does elsewhere.</summary>
    public Task RouteThroughAsync(TestbedHost orchestrator) => RouteThroughAsync(orchestrator.Plan.Index - HostPlan.FirstOrchestrator);

    /// <summary>Has client, server and all gateways send to the addresses that the orchestrators share (<see cref="InventoryOptions.SharedAddresses"/>): whoever has them gets it.</summary>
    public Task RouteThroughSharedAsync() => RouteThroughAsync(OrchestratedRoutes.Shared);

    private async Task RouteThroughAsync(int number)
    {
        await _supervisor.RunAsync(
            Inside(_directory.ClientNamespace, OrchestratedRoutes.OfPeer("replace", AddressPlan.Segment.Clients, number))
            + Inside(_directory.ServerNamespace, OrchestratedRoutes.OfPeer("replace", AddressPlan.Segment.Servers, number)));
        foreach (var gateway in Gateways.Where(gateway => gateway.IsOn))
        {
            (await RunInsideAsync(gateway, "ip -batch -", OrchestratedRoutes.OfGateway("replace", number))).EnsureSuccess();
        }
    }

    /// <summary>Runs a POSIX shell script in the network of the client beyond the orchestrators, or of the server.</summary>
    /// <returns>What it wrote.</returns>
    /// <exception cref="TestbedException">It did not end with 0.</exception>
    public Task<string> RunBeyondAsync(bool atServer, string script) =>
        _supervisor.RunAsync($"nsenter --net={(atServer ? _directory.ServerNamespace : _directory.ClientNamespace)} /bin/sh <<'SCRIPT'\n{script}\nSCRIPT\n");

    /// <summary>Begins to send numbered datagrams of each flow to the server, which sends them back.</summary>
    /// <param name="flows">Between addresses of <see cref="Client"/> and <see cref="Server"/>.</param>
    /// <param name="pace">Between two datagrams of one flow; zero sends one of each and no more.</param>
    /// <param name="size">Bytes of each, from 4 on. More than the devices' 1500 travel in fragments.</param>
    /// <param name="isOutbound">Whether the flows' clients are on the server's side, and their servers on the client's.</param>
    /// <param name="own">The host that is itself the flows' client, where it is neither.</param>
    public OrchestratedTraffic StartTraffic(IReadOnlyList<TestbedFlow> flows, TimeSpan pace, int size = 4, bool isOutbound = false, TestbedHost? own = null)
    {
        var (from, to) = Ends(isOutbound, own);
        return new(from, to, flows, pace, size);
    }

    /// <summary>Sends a datagram of each flow to a port of the server that nobody listens at, and again while its client is not told.</summary>
    /// <param name="flows">Between addresses of <see cref="Client"/> and <see cref="Server"/>.</param>
    /// <param name="patience">With all of them.</param>
    /// <param name="isOutbound">Whether the flows' clients are on the server's side, and their servers on the client's.</param>
    /// <param name="own">The host that is itself the flows' client, where it is neither.</param>
    /// <returns>The flows whose client was told so by an ICMP error.</returns>
    public async Task<IReadOnlyList<TestbedFlow>> SendToNobodyAsync(IReadOnlyList<TestbedFlow> flows, TimeSpan patience, bool isOutbound = false, TestbedHost? own = null)
    {
        // A kernel sends so many errors a second to one destination and no more.
        await RunBeyondAsync(!isOutbound, "echo 0 >/proc/sys/net/ipv4/icmp_ratelimit; echo 0 >/proc/sys/net/ipv6/icmp/ratelimit");
        return await RefusedDatagrams.SendAsync(Ends(isOutbound, own).From, flows, patience);
    }

    /// <summary>Opens TCP connections of these flows, and has each exchange numbers from then on.</summary>
    /// <param name="flows">Between addresses of <see cref="Client"/> and <see cref="Server"/>.</param>
    /// <param name="pace">Between two numbers of one connection.</param>
    /// <param name="isOutbound">Whether the flows' clients are on the server's side, and their servers on the client's.</param>
    /// <param name="own">The host that is itself the flows' client, where it is neither.</param>
    /// <exception cref="System.Net.Sockets.SocketException">One did not open.</exception>
    public async Task<OrchestratedConnections> StartConnectionsAsync(IReadOnlyList<TestbedFlow> flows, TimeSpan pace, bool isOutbound = false, TestbedHost? own = null)
    {
        var (from, to) = Ends(isOutbound, own);
        var connections = new OrchestratedConnections(from, to, pace);
        try
        {
            foreach (var flow in flows) await connections.OpenAsync(flow);
            return connections;
        }
        catch
        {
            await connections.DisposeAsync();
            throw;
        }
    }

    /// <summary>Begins to ask a web server beyond the orchestrators for a page, again and again, each time over a new connection.</summary>
    /// <param name="workers">How many ask side by side; every fourth by IPv6.</param>
    public Task<ShortRequests> StartRequestsAsync(int workers) => ShortRequests.StartAsync(this, Ends(isOutbound: false, own: null).From, workers);

    /// <summary>Client and server get a second device each, on the far side of the orchestrators.</summary>
    private Task LayUplinksAsync() => _supervisor.RunAsync($"""
        set -e
        ip -batch - <<BATCH
        link add clients type bridge mcast_snooping 0
        link add servers type bridge mcast_snooping 0
        link set clients up
        link set servers up
        link add clients0 type veth peer name eth1 netns {_directory.ClientNamespace}
        link add servers0 type veth peer name eth1 netns {_directory.ServerNamespace}
        link set clients0 master clients up
        link set servers0 master servers up
        BATCH

        """
        + Inside(_directory.ClientNamespace, $"link set eth1 up\n{OrchestratedRoutes.Addresses(AddressPlan.Segment.Clients, "eth1")}{OrchestratedRoutes.OfPeer("add", AddressPlan.Segment.Clients, 1)}")
        + Inside(_directory.ServerNamespace, $"link set eth1 up\n{OrchestratedRoutes.Addresses(AddressPlan.Segment.Servers, "eth1")}{OrchestratedRoutes.OfPeer("add", AddressPlan.Segment.Servers, 1)}"));

    private (string From, string To) Ends(bool isOutbound, TestbedHost? own)
    {
        var (client, server) = (_supervisor.Inside(_directory.ClientNamespace), _supervisor.Inside(_directory.ServerNamespace));
        return isOutbound ? (own?.NetworkNamespace ?? server, client) : (own?.NetworkNamespace ?? client, server);
    }

    private static string Inside(string networkNamespace, string batch) => $"nsenter --net={networkNamespace} ip -batch - <<BATCH\n{batch}BATCH\n";

    private static IPAddress Peer(AddressPlan.Segment segment, int number, bool ipv6)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(number, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(number, PeerCount);
        return ipv6 ? AddressPlan.TrafficIPv6(segment, AddressPlan.Party.Peer, number) : AddressPlan.Traffic(segment, AddressPlan.Party.Peer, number);
    }
}

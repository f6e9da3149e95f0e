using System.Collections.Concurrent;
using System.Globalization;
using Maestro.Testbeds.Machine;
using Maestro.Testbeds.Traffic;

namespace Maestro.Testbeds;

public sealed partial class Testbed
{
    private readonly ConcurrentDictionary<string, Lazy<Task>> _routes = new();

    /// <summary>Opens a TCP connection from the client to the server through this gateway, where a server listens meanwhile, and has eight bytes echoed.</summary>
    public async Task<TrafficResult> SendTcpAsync(TestbedGateway gateway, int port, TrafficOptions? options = null)
    {
        options ??= new TrafficOptions();
        return await TrafficProbe.TcpAsync(await PathAsync(gateway, options.IPv6), port, options.Patience);
    }

    /// <summary>Sends datagrams from the client to the server through this gateway, where a server echoes them.</summary>
    public async Task<TrafficResult> SendUdpAsync(TestbedGateway gateway, int port, TrafficOptions? options = null)
    {
        options ??= new TrafficOptions();
        return await TrafficProbe.UdpAsync(await PathAsync(gateway, options.IPv6), port, options);
    }

    /// <summary>Sends ICMP echo requests from the client to the server through this gateway.</summary>
    public async Task<TrafficResult> PingAsync(TestbedGateway gateway, TrafficOptions? options = null)
    {
        options ??= new TrafficOptions();
        return await TrafficProbe.PingAsync(await PathAsync(gateway, options.IPv6), options);
    }

    /// <summary>Sends a datagram through each of these gateways at a steady pace until it is disposed of, and notes when they arrive.</summary>
    public async Task<DatagramBeat> BeatAsync(IEnumerable<TestbedGateway> gateways, int port, TimeSpan pace)
    {
        var paths = new List<(string, TrafficPath)>();
        foreach (var gateway in gateways) paths.Add((gateway.Id, await PathAsync(gateway, ipv6: false)));
        return new DatagramBeat(paths, port, pace);
    }

    /// <summary>Opens a TCP connection through this gateway and keeps it.</summary>
    /// <exception cref="OperationCanceledException">It did not open in time.</exception>
    /// <exception cref="System.Net.Sockets.SocketException">It was refused.</exception>
    public async Task<TcpFlow> OpenTcpFlowAsync(TestbedGateway gateway, int port, TrafficOptions? options = null)
    {
        options ??= new TrafficOptions();
        return await TcpFlow.OpenAsync(await PathAsync(gateway, options.IPv6), port, options.Patience);
    }

    private async Task<TrafficPath> PathAsync(TestbedGateway gateway, bool ipv6)
    {
        await _routes.GetOrAdd(gateway.Id, _ => new Lazy<Task>(() => AddRoutesAsync(gateway))).Value;
        return new TrafficPath(
            _supervisor.Inside(_directory.ClientNamespace),
            _supervisor.Inside(_directory.ServerNamespace),
            ipv6 ? gateway.ClientAddressIPv6 : gateway.ClientAddress,
            ipv6 ? gateway.ServerAddressIPv6 : gateway.ServerAddress);
    }

    /// <summary>Gives client and server one more address each; what is sent from it is routed through this gateway by a table of its own.</summary>
    private async Task AddRoutesAsync(TestbedGateway gateway)
    {
        var index = gateway.Plan.Index;
        var client = Routes(_directory.ClientNamespace, AddressPlan.Segment.Outside, AddressPlan.Segment.Inside, index);
        var server = Routes(_directory.ServerNamespace, AddressPlan.Segment.Inside, AddressPlan.Segment.Outside, index);
        await _supervisor.RunAsync($"set -e\n{client}{server}");
    }

    private static string Routes(string networkNamespace, AddressPlan.Segment near, AddressPlan.Segment far, int index)
    {
        var (own, ownIPv6) = (AddressPlan.Traffic(near, AddressPlan.Party.Peer, index), AddressPlan.TrafficIPv6(near, AddressPlan.Party.Peer, index));
        var (via, viaIPv6) = (AddressPlan.Traffic(near, AddressPlan.Party.Gateway, index), AddressPlan.TrafficIPv6(near, AddressPlan.Party.Gateway, index));
        var (to, toIPv6) = (AddressPlan.Traffic(far, AddressPlan.Party.Peer, index), AddressPlan.TrafficIPv6(far, AddressPlan.Party.Peer, index));
        return string.Create(CultureInfo.InvariantCulture, $"""
            nsenter --net={networkNamespace} ip -4 -batch - <<BATCH
            address add {own}/16 dev eth0
            rule add from {own} lookup {1000 + index}
            route add {to} via {via} table {1000 + index}
            BATCH
            nsenter --net={networkNamespace} ip -6 -batch - <<BATCH
            address add {ownIPv6}/64 dev eth0 nodad
            rule add from {ownIPv6} lookup {1000 + index}
            route add {toIPv6} via {viaIPv6} table {1000 + index}
            BATCH

            """);
    }
}

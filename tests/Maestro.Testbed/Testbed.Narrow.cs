using System.Globalization;
using System.Net;
using Maestro.Testbeds.Machine;
using Maestro.Testbeds.Traffic;

namespace Maestro.Testbeds;

public sealed partial class Testbed
{
    private const int NarrowNumber = 9;

    /// <summary>The address of the host behind the server, or behind the client, that <see cref="AddNarrowAsync"/> adds.</summary>
    public static IPAddress Behind(bool server, bool ipv6 = false) => Behind(server ? AddressPlan.Segment.Servers : AddressPlan.Segment.Clients, ipv6);

    /// <summary>
    /// Puts a host behind the server, or behind the client. The last hop towards it takes packets of so many bytes at most; the host itself does not know that, and
    /// asks for whole ones. Nothing large is to be sent back.
    /// </summary>
    /// <param name="server">Behind which.</param>
    /// <param name="mtu">In bytes, from 1280 on.</param>
    public Task AddNarrowAsync(bool server, int mtu)
    {
        var segment = server ? AddressPlan.Segment.Servers : AddressPlan.Segment.Clients;
        var (address, addressIPv6) = (Behind(segment, ipv6: false), Behind(segment, ipv6: true));
        var file = NarrowNamespace(server);
        // The kernel tells so many errors a second to one destination and no more.
        return RunBeyondAsync(server, string.Create(CultureInfo.InvariantCulture, $"""
            set -e
            : >{file}
            unshare --net /bin/sh -c '
                mount --bind /proc/self/ns/net {file} && echo 0 >/proc/sys/net/ipv6/conf/default/accept_dad && : >{file}.ready
                until ip link set eth0 up 2>/dev/null; do sleep 0.05; done
                ip link set lo up
                ip address add {address}/32 dev eth0
                ip -6 address add {addressIPv6}/128 dev eth0 nodad
                ip route add 169.254.9.1 dev eth0
                ip route add default via 169.254.9.1
                ip -6 route add default via fe80::1 dev eth0
                exec sleep 100000' </dev/null >/dev/null 2>&1 &
            until [ -e {file}.ready ]; do sleep 0.05; done
            ip link add narrow mtu {mtu} type veth peer name eth0 mtu 1500 netns $!
            ip link set narrow up
            ip address add 169.254.9.1/32 dev narrow
            ip -6 address add fe80::1/64 dev narrow nodad
            ip route add {address} dev narrow
            ip -6 route add {addressIPv6} dev narrow
            ip neigh add proxy {address} dev eth1
            ip -6 neigh add proxy {addressIPv6} dev eth1
            echo 1 >/proc/sys/net/ipv4/ip_forward
            echo 1 >/proc/sys/net/ipv6/conf/all/forwarding
            echo 1 >/proc/sys/net/ipv6/conf/eth1/proxy_ndp
            echo 0 >/proc/sys/net/ipv4/icmp_ratelimit
            echo 0 >/proc/sys/net/ipv6/icmp/ratelimit
            """));
    }

    /// <summary>Sends so many bytes by TCP.</summary>
    /// <param name="flow">From its client to its server, which may be the host that <see cref="AddNarrowAsync"/> added.</param>
    /// <param name="bytes">How many.</param>
    /// <param name="patience">After which it is given up.</param>
    /// <param name="isOutbound">Whether the flow's client is on the server's side, and its server on the client's.</param>
    /// <returns>How many arrived, as they were sent.</returns>
    public Task<int> TransferAsync(TestbedFlow flow, int bytes, TimeSpan patience, bool isOutbound = false)
    {
        var (from, to) = Ends(isOutbound, own: null);
        if (flow.Server.Equals(Behind(!isOutbound)) || flow.Server.Equals(Behind(!isOutbound, ipv6: true))) to = _supervisor.Inside(NarrowNamespace(!isOutbound));
        return TcpTransfer.RunAsync(from, to, flow, bytes, patience);
    }

    private string NarrowNamespace(bool server) => (server ? _directory.ServerNamespace : _directory.ClientNamespace) + "-narrow";

    private static IPAddress Behind(AddressPlan.Segment segment, bool ipv6) => ipv6 ? AddressPlan.TrafficIPv6(segment, (AddressPlan.Party)NarrowNumber, 1) : AddressPlan.Traffic(segment, (AddressPlan.Party)NarrowNumber, 1);
}

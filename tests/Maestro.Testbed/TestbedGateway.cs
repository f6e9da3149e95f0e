using System.Net;
using Maestro.Testbeds.Machine;

namespace Maestro.Testbeds;

/// <summary>A gateway: eth0 for management, eth1 outside, eth2 inside, and eth3 towards the jump host where there is one.</summary>
public sealed class TestbedGateway : TestbedHost
{
    internal TestbedGateway(HostPlan plan, KeyPair[] keys, HostPower power)
        : base(plan, keys, power)
    {
    }

    /// <summary>The site it stands in, 1 or 2.</summary>
    public int Site => Plan.Site;

    /// <summary>Its address on eth1, in a /16.</summary>
    public IPAddress OutsideAddress => AddressPlan.Traffic(AddressPlan.Segment.Outside, AddressPlan.Party.Gateway, Plan.Index);

    /// <summary>Its address on eth2, in a /16.</summary>
    public IPAddress InsideAddress => AddressPlan.Traffic(AddressPlan.Segment.Inside, AddressPlan.Party.Gateway, Plan.Index);

    /// <summary>The client whose packets to <see cref="ServerAddress"/> are routed through this gateway and no other.</summary>
    public IPAddress ClientAddress => AddressPlan.Traffic(AddressPlan.Segment.Outside, AddressPlan.Party.Peer, Plan.Index);

    /// <summary>The server that <see cref="ClientAddress"/> talks to.</summary>
    public IPAddress ServerAddress => AddressPlan.Traffic(AddressPlan.Segment.Inside, AddressPlan.Party.Peer, Plan.Index);

    /// <summary>As <see cref="ClientAddress"/>, in IPv6.</summary>
    public IPAddress ClientAddressIPv6 => AddressPlan.TrafficIPv6(AddressPlan.Segment.Outside, AddressPlan.Party.Peer, Plan.Index);

    /// <summary>As <see cref="ServerAddress"/>, in IPv6.</summary>
    public IPAddress ServerAddressIPv6 => AddressPlan.TrafficIPv6(AddressPlan.Segment.Inside, AddressPlan.Party.Peer, Plan.Index);

    /// <summary>Its second management address, which the jump host alone can reach; null in a bed without a jump host.</summary>
    public IPAddress? HiddenAddress => Plan.HasHiddenDevice ? AddressPlan.Hidden(Plan.Index) : null;
}

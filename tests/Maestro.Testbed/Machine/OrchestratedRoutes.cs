using System.Globalization;

namespace Maestro.Testbeds.Machine;

/// <summary>The ways between clients, orchestrators, gateways and servers, as lines for <c>ip -batch</c>.</summary>
internal static class OrchestratedRoutes
{
    /// <summary>How many addresses client and server have there, from 1 on.</summary>
    public const int Peers = 16;

    /// <summary>Stands for an orchestrator's number where a way leads over the addresses that all of them share.</summary>
    public const int Shared = 9;

    /// <summary>A gateway's two ways back, through one orchestrator.</summary>
    public static string OfGateway(string verb, int orchestrator) =>
        Route(verb, AddressPlan.Segment.Clients, AddressPlan.Segment.Outside, orchestrator) + Route(verb, AddressPlan.Segment.Servers, AddressPlan.Segment.Inside, orchestrator);

    /// <summary>The way of the client or of the server to the other, through one orchestrator.</summary>
    public static string OfPeer(string verb, AddressPlan.Segment near, int orchestrator) =>
        Route(verb, near == AddressPlan.Segment.Clients ? AddressPlan.Segment.Servers : AddressPlan.Segment.Clients, near, orchestrator);

    public static string Addresses(AddressPlan.Segment segment, string device) => string.Concat(Enumerable.Range(1, Peers).Select(number => string.Create(CultureInfo.InvariantCulture, $"""
        address add {AddressPlan.Traffic(segment, AddressPlan.Party.Peer, number)}/16 dev {device}
        address add {AddressPlan.TrafficIPv6(segment, AddressPlan.Party.Peer, number)}/64 dev {device} nodad

        """)));

    private static string Route(string verb, AddressPlan.Segment to, AddressPlan.Segment near, int orchestrator) => string.Create(CultureInfo.InvariantCulture, $"""
        route {verb} 10.{(int)to}.0.0/16 via {AddressPlan.Traffic(near, AddressPlan.Party.Orchestrator, orchestrator)}
        route {verb} fd4d:6165:0:{(int)to}::/64 via {AddressPlan.TrafficIPv6(near, AddressPlan.Party.Orchestrator, orchestrator)}

        """);
}

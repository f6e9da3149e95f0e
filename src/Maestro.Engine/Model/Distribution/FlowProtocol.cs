namespace Maestro.Engine.Model.Distribution;

/// <summary>Protocols by their IP numbers.</summary>
public enum FlowProtocol
{
    Icmp = 1,
    Tcp = 6,
    Udp = 17,
    Gre = 47,
    Esp = 50,
    IcmpV6 = 58,
    Sctp = 132,
}

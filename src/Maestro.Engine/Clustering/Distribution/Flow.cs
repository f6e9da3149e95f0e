using System.Net;

namespace Maestro.Engine.Clustering.Distribution;

/// <summary>The packets of one direction of a connection.</summary>
/// <param name="Source">Who sends them.</param>
/// <param name="Destination">To whom; of the same family.</param>
/// <param name="Protocol">The IP protocol's number.</param>
/// <param name="SourcePort">0 where the protocol has none.</param>
/// <param name="DestinationPort">0 where the protocol has none.</param>
public sealed record Flow(IPAddress Source, IPAddress Destination, byte Protocol, ushort SourcePort = 0, ushort DestinationPort = 0)
{
    public const byte Tcp = 6;
    public const byte Udp = 17;
    public const byte Sctp = 132;

    /// <summary>Whether it has ports: with others, layer 4 means the addresses alone.</summary>
    public bool HasPorts => Protocol is Tcp or Udp or Sctp;

    /// <summary>The answers to it.</summary>
    public Flow Reverse() => new(Destination, Source, Protocol, DestinationPort, SourcePort);
}

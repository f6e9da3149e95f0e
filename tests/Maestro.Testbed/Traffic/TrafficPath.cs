using System.Net;
using System.Net.Sockets;

namespace Maestro.Testbeds.Traffic;

/// <summary>A client and a server whose packets to each other go through one gateway.</summary>
internal sealed record TrafficPath(string ClientNamespace, string ServerNamespace, IPAddress Client, IPAddress Server)
{
    private AddressFamily Family => Client.AddressFamily;

    public bool IsIPv6 => Family == AddressFamily.InterNetworkV6;

    public Socket ClientSocket(SocketType type, ProtocolType protocol) =>
        NamespaceSocket.Create(ClientNamespace, () => Bound(type, protocol, Client, 0));

    public Socket ServerSocket(SocketType type, ProtocolType protocol, int port = 0) =>
        NamespaceSocket.Create(ServerNamespace, () => Bound(type, protocol, Server, port));

    private Socket Bound(SocketType type, ProtocolType protocol, IPAddress address, int port)
    {
        var socket = new Socket(Family, type, protocol);
        try
        {
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            socket.Bind(new IPEndPoint(address, port));
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

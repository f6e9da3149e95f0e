using System.Net;
using System.Net.Sockets;

namespace Maestro.Testbeds.Traffic;

/// <summary>Counts what arrives at the server's kernel from one client, whether or not anybody listens there.</summary>
internal sealed class PacketCounter : IDisposable
{
    private readonly Socket _socket;
    private readonly bool _ipv6;
    private readonly Func<ReadOnlyMemory<byte>, bool> _counts;
    private readonly byte[] _buffer = new byte[65536];
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _counting;
    private int _count;

    /// <param name="path">Whose packets to count.</param>
    /// <param name="protocol">Which protocol, by its raw socket.</param>
    /// <param name="counts">Whether a packet is one of those asked for; it is given the packet without its IP header.</param>
    public PacketCounter(TrafficPath path, ProtocolType protocol, Func<ReadOnlyMemory<byte>, bool> counts)
    {
        _ipv6 = path.IsIPv6;
        _counts = counts;
        _socket = path.ServerSocket(SocketType.Raw, protocol);
        // Connected, the kernel hands over packets of this client only.
        _socket.Connect(new IPEndPoint(path.Client, 0));
        _counting = CountAsync();
    }

    /// <summary>The part of a raw packet that follows the IPv4 header; raw IPv6 sockets give no header.</summary>
    public static ReadOnlyMemory<byte> Payload(ReadOnlyMemory<byte> packet, bool ipv6) => ipv6 ? packet : packet[((packet.Span[0] & 0x0F) * 4)..];

    /// <summary>Ends counting. What has arrived by now is counted, also if nobody had read it yet.</summary>
    public async Task<int> StopAsync()
    {
        await _stop.CancelAsync();
        await _counting;
        while (_socket.Poll(0, SelectMode.SelectRead))
        {
            Count(_socket.Receive(_buffer));
        }

        return _count;
    }

    public void Dispose()
    {
        _socket.Dispose();
        _stop.Dispose();
    }

    private async Task CountAsync()
    {
        try
        {
            while (true)
            {
                Count(await _socket.ReceiveAsync(_buffer, _stop.Token));
            }
        }
        catch (OperationCanceledException)
        {
            // StopAsync counts the rest.
        }
    }

    private void Count(int length) => _count += _counts(Payload(_buffer.AsMemory(0, length), _ipv6)) ? 1 : 0;
}

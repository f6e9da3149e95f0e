using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Maestro.Testbeds.Traffic;

/// <summary>Sends packets along a path and counts them where they leave and where they arrive.</summary>
internal static class TrafficProbe
{
    private const int NonceSize = 16;

    public static async Task<TrafficResult> TcpAsync(TrafficPath path, int port, TimeSpan patience)
    {
        using var counter = new PacketCounter(path, ProtocolType.Tcp, IsOpeningSegment);
        var outcome = TrafficOutcome.Lost;
        try
        {
            await using var flow = await TcpFlow.OpenAsync(path, port, patience);
            outcome = await flow.ExchangeAsync(patience) ? TrafficOutcome.Passed : TrafficOutcome.Lost;
        }
        catch (SocketException exception)
        {
            outcome = Judge(exception);
        }
        catch (OperationCanceledException)
        {
            // No answer in time.
        }

        return new TrafficResult(outcome, Sent: 1, await counter.StopAsync(), outcome == TrafficOutcome.Passed ? 1 : 0);

        bool IsOpeningSegment(ReadOnlyMemory<byte> segment) =>
            segment.Length >= 20 && BinaryPrimitives.ReadUInt16BigEndian(segment.Span[2..]) == port && (segment.Span[13] & 0x12) == 0x02;
    }

    public static async Task<TrafficResult> UdpAsync(TrafficPath path, int port, TrafficOptions options)
    {
        var nonce = RandomNumberGenerator.GetBytes(NonceSize);
        using var counter = new PacketCounter(path, ProtocolType.Udp, IsOurs);
        using var server = path.ServerSocket(SocketType.Dgram, ProtocolType.Udp, port);
        using var client = path.ClientSocket(SocketType.Dgram, ProtocolType.Udp);
        using var stop = new CancellationTokenSource();
        var echoing = EchoDatagramsAsync(server, path.IsIPv6, stop.Token);
        await client.ConnectAsync(new IPEndPoint(path.Server, port));
        try
        {
            return await ExchangeAsync(client, [.. Enumerable.Repeat(nonce, options.Count)], answer => answer.Span.SequenceEqual(nonce), counter, options.Patience);
        }
        finally
        {
            await stop.CancelAsync();
            await echoing;
        }

        bool IsOurs(ReadOnlyMemory<byte> datagram) => datagram.Length == 8 + NonceSize && datagram.Span[8..].SequenceEqual(nonce);
    }

    public static async Task<TrafficResult> PingAsync(TrafficPath path, TrafficOptions options)
    {
        var protocol = path.IsIPv6 ? ProtocolType.IcmpV6 : ProtocolType.Icmp;
        var (request, reply) = path.IsIPv6 ? ((byte)128, (byte)129) : ((byte)8, (byte)0);
        var nonce = RandomNumberGenerator.GetBytes(NonceSize);
        using var counter = new PacketCounter(path, protocol, packet => IsOurs(packet, request));
        using var client = path.ClientSocket(SocketType.Raw, protocol);
        await client.ConnectAsync(new IPEndPoint(path.Server, 0));
        byte[][] requests = [.. Enumerable.Range(1, options.Count).Select(sequence => EchoRequest(request, sequence, nonce))];
        return await ExchangeAsync(client, requests, packet => IsOurs(PacketCounter.Payload(packet, path.IsIPv6), reply), counter, options.Patience);

        bool IsOurs(ReadOnlyMemory<byte> packet, byte type) =>
            packet.Length == 8 + NonceSize && packet.Span[0] == type && packet.Span[8..].SequenceEqual(nonce);
    }

    private static async Task<TrafficResult> ExchangeAsync(
        Socket client, IReadOnlyList<byte[]> requests, Func<ReadOnlyMemory<byte>, bool> isAnswer, PacketCounter counter, TimeSpan patience)
    {
        var answered = 0;
        var sent = 0;
        var outcome = TrafficOutcome.Lost;
        var buffer = new byte[2048];
        using var limit = new CancellationTokenSource(patience);
        try
        {
            foreach (var request in requests)
            {
                await client.SendAsync(request, limit.Token);
                sent++;
            }

            while (answered < requests.Count)
            {
                var length = await client.ReceiveAsync(buffer, limit.Token);
                answered += isAnswer(buffer.AsMemory(0, length)) ? 1 : 0;
            }

            outcome = TrafficOutcome.Passed;
        }
        catch (SocketException exception)
        {
            outcome = Judge(exception);
        }
        catch (OperationCanceledException)
        {
            // Some answer did not come in time.
        }

        return new TrafficResult(outcome, sent, await counter.StopAsync(), answered);
    }

    private static async Task EchoDatagramsAsync(Socket server, bool ipv6, CancellationToken stop)
    {
        var buffer = new byte[2048];
        var anybody = new IPEndPoint(ipv6 ? IPAddress.IPv6Any : IPAddress.Any, 0);
        try
        {
            while (true)
            {
                var datagram = await server.ReceiveFromAsync(buffer, SocketFlags.None, anybody, stop);
                await server.SendToAsync(buffer.AsMemory(0, datagram.ReceivedBytes), SocketFlags.None, datagram.RemoteEndPoint, stop);
            }
        }
        catch (OperationCanceledException)
        {
            // The probe is over.
        }
    }

    private static byte[] EchoRequest(byte type, int sequence, byte[] nonce)
    {
        var packet = new byte[8 + nonce.Length];
        packet[0] = type;
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(6), (ushort)sequence);
        nonce.CopyTo(packet, 8);
        var sum = 0;
        for (var index = 0; index < packet.Length; index += 2)
        {
            sum += BinaryPrimitives.ReadUInt16BigEndian(packet.AsSpan(index));
        }

        sum = (sum & 0xFFFF) + (sum >> 16);
        // The kernel writes the checksum of ICMPv6 itself; of ICMP it does not.
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)~(sum + (sum >> 16)));
        return packet;
    }

    private static TrafficOutcome Judge(SocketException exception) => exception.SocketErrorCode switch
    {
        SocketError.ConnectionRefused or SocketError.ConnectionReset => TrafficOutcome.Refused,
        SocketError.HostUnreachable or SocketError.NetworkUnreachable or SocketError.AccessDenied => TrafficOutcome.Unreachable,
        SocketError.TimedOut => TrafficOutcome.Lost,
        _ => throw exception,
    };
}

using System.Net;
using System.Net.Sockets;

namespace Maestro.Testbeds.Traffic;

/// <summary>Bytes sent by TCP, as fast as they go, and compared where they arrive.</summary>
internal static class TcpTransfer
{
    private const int Chunk = 1 << 16;

    /// <returns>How many arrived, each as it was sent, before the patience ended.</returns>
    public static async Task<int> RunAsync(string clientNamespace, string serverNamespace, TestbedFlow flow, int bytes, TimeSpan patience)
    {
        using var limit = new CancellationTokenSource(patience);
        var end = new IPEndPoint(flow.Server, flow.ServerPort);
        using var listener = NamespaceSocket.Create(serverNamespace, () => Bound(end));
        listener.Listen(1);
        using var client = NamespaceSocket.Create(clientNamespace, () => Bound(new IPEndPoint(flow.Client, flow.ClientPort)));
        var arrived = 0;
        try
        {
            var accepting = listener.AcceptAsync(limit.Token).AsTask();
            await client.ConnectAsync(flow.Towards ?? end, limit.Token);
            using var accepted = await accepting;
            var sending = SendAsync(client, bytes, limit.Token);
            var buffer = new byte[Chunk];
            while (arrived < bytes && await accepted.ReceiveAsync(buffer, limit.Token) is > 0 and var read)
            {
                for (var i = 0; i < read; i++, arrived++) if (buffer[i] != ByteAt(arrived)) return arrived;
            }

            await sending;
        }
        catch (Exception fault) when (fault is OperationCanceledException or SocketException)
        {
            // What had arrived by then is the answer.
        }

        return arrived;
    }

    private static async Task SendAsync(Socket socket, int bytes, CancellationToken cancellation)
    {
        var chunk = new byte[Chunk];
        for (var at = 0; at < bytes;)
        {
            var length = Math.Min(Chunk, bytes - at);
            for (var i = 0; i < length; i++) chunk[i] = ByteAt(at + i);
            at += await socket.SendAsync(chunk.AsMemory(0, length), SocketFlags.None, cancellation);
        }
    }

    private static byte ByteAt(int number) => (byte)((number * 31) + (number >> 8));

    private static Socket Bound(IPEndPoint end)
    {
        var socket = new Socket(end.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        socket.Bind(end);
        return socket;
    }
}

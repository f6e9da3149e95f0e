using System.Net;
using System.Net.Sockets;

namespace Maestro.Testbeds.Traffic;

/// <summary>Datagrams to ports that nobody listens at: the server's kernel answers each with an ICMP error, which reaches the client's socket when it finds its way back.</summary>
internal static class RefusedDatagrams
{
    // A kernel has a limit of errors a second for all destinations together, which not every kernel lets a namespace set.
    private static readonly TimeSpan Again = TimeSpan.FromMilliseconds(500);

    /// <returns>The flows whose client was told.</returns>
    public static async Task<IReadOnlyList<TestbedFlow>> SendAsync(string clientNamespace, IReadOnlyList<TestbedFlow> flows, TimeSpan patience)
    {
        using var limit = new CancellationTokenSource(patience);
        var told = await Task.WhenAll(flows.Select(flow => IsToldAsync(clientNamespace, flow, limit.Token)));
        return [.. flows.Where((_, i) => told[i])];
    }

    private static async Task<bool> IsToldAsync(string clientNamespace, TestbedFlow flow, CancellationToken cancellation)
    {
        using var socket = NamespaceSocket.Create(clientNamespace, () =>
        {
            var made = new Socket(flow.Client.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            made.Bind(new IPEndPoint(flow.Client, flow.ClientPort));
            made.Connect(flow.Towards ?? new IPEndPoint(flow.Server, flow.ServerPort));
            return made;
        });
        try
        {
            var told = socket.ReceiveAsync(new byte[4], cancellation).AsTask();
            while (!told.IsCompleted)
            {
                await socket.SendAsync(new byte[4], cancellation);
                await Task.WhenAny(told, Task.Delay(Again, cancellation));
            }

            await told;
            return false;
        }
        catch (SocketException fault) when (fault.SocketErrorCode == SocketError.ConnectionRefused)
        {
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}

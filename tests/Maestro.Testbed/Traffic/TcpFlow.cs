using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Maestro.Testbeds.Traffic;

namespace Maestro.Testbeds;

/// <summary>One TCP connection through a gateway that stays open, to see what happens to it while the gateway is being changed.</summary>
public sealed class TcpFlow : IAsyncDisposable
{
    private const int Size = 8;
    private readonly Socket _client;
    private readonly TcpEchoServer _server;

    private TcpFlow(Socket client, TcpEchoServer server)
    {
        _client = client;
        _server = server;
    }

    /// <summary>The client's port.</summary>
    public int ClientPort => ((IPEndPoint)_client.LocalEndPoint!).Port;

    /// <summary>Sends eight bytes and says whether the server's echo came back in time.</summary>
    /// <returns>True: the same bytes came back. False: nothing did in time, or the connection is broken.</returns>
    public async Task<bool> ExchangeAsync(TimeSpan? patience = null)
    {
        var sent = RandomNumberGenerator.GetBytes(Size);
        var received = new byte[Size];
        using var limit = new CancellationTokenSource(patience ?? new TrafficOptions().Patience);
        try
        {
            await _client.SendAsync(sent, limit.Token);
            do
            {
                for (var length = 0; length < Size;)
                {
                    var read = await _client.ReceiveAsync(received.AsMemory(length), limit.Token);
                    if (read == 0)
                    {
                        return false;
                    }

                    length += read;
                }
            }
            while (!received.AsSpan().SequenceEqual(sent)); // The late echo of an earlier exchange that was given up comes first.
            return true;
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException)
        {
            return false;
        }
    }

    /// <summary>Closes both ends.</summary>
    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
    }

    internal static async Task<TcpFlow> OpenAsync(TrafficPath path, int port, TimeSpan patience)
    {
        var server = new TcpEchoServer(path, port);
        Socket? client = null;
        try
        {
            client = path.ClientSocket(SocketType.Stream, ProtocolType.Tcp);
            using var limit = new CancellationTokenSource(patience);
            await client.ConnectAsync(new IPEndPoint(path.Server, port), limit.Token);
            return new TcpFlow(client, server);
        }
        catch
        {
            client?.Dispose();
            await server.DisposeAsync();
            throw;
        }
    }
}

using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Maestro.Testbeds.Traffic;

/// <summary>
/// Sends a datagram through each of several gateways at a steady pace and notes when they arrive behind it, by one clock: from when to when each gateway
/// lets them pass.
/// </summary>
public sealed class DatagramBeat : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, (TimeSpan First, TimeSpan Last, int Count)> _arrived = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly long _began = TimeProvider.System.GetTimestamp();
    private readonly List<Socket> _sockets = [];
    private readonly List<Task> _receiving = [];
    private readonly Thread _sender;

    internal DatagramBeat(IReadOnlyList<(string Gateway, TrafficPath Path)> paths, int port, TimeSpan pace)
    {
        var clients = new List<(Socket Socket, EndPoint To)>();
        foreach (var (gateway, path) in paths)
        {
            var server = path.ServerSocket(SocketType.Dgram, ProtocolType.Udp, port);
            var client = path.ClientSocket(SocketType.Dgram, ProtocolType.Udp);
            _sockets.AddRange([server, client]);
            clients.Add((client, new IPEndPoint(path.Server, port)));
            _receiving.Add(ReceiveAsync(gateway, server));
        }

        // A thread of its own: the pool may be busy with what is measured.
        _sender = new Thread(() =>
        {
            var datagram = new byte[8];
            while (!_stop.IsCancellationRequested)
            {
                foreach (var (socket, to) in clients) socket.SendTo(datagram, to);
                Thread.Sleep(pace);
            }
        })
        { IsBackground = true, Name = "beat" };
        _sender.Start();
    }

    /// <summary>Time since the beat began.</summary>
    public TimeSpan Now => TimeProvider.System.GetElapsedTime(_began);

    /// <summary>When the first arrived through a gateway, the last so far, and how many; null when none did.</summary>
    public (TimeSpan First, TimeSpan Last, int Count)? Of(string gateway) => _arrived.TryGetValue(gateway, out var seen) ? seen : null;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _sender.Join();
        await Task.WhenAll(_receiving);
        foreach (var socket in _sockets) socket.Dispose();
        _stop.Dispose();
    }

    private async Task ReceiveAsync(string gateway, Socket server)
    {
        var buffer = new byte[64];
        try
        {
            while (true)
            {
                await server.ReceiveAsync(buffer, _stop.Token);
                var now = Now;
                _arrived.AddOrUpdate(gateway, (now, now, 1), (_, seen) => (seen.First, now, seen.Count + 1));
            }
        }
        catch (OperationCanceledException)
        {
            // The beat is over.
        }
    }
}

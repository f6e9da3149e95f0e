using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Maestro.Testbeds.Traffic;

/// <summary>Numbered datagrams of many flows between client and server beyond the orchestrators, counted at both ends.</summary>
public sealed class OrchestratedTraffic : IAsyncDisposable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(10);

    // SOL_SOCKET, and SO_RCVBUFFORCE, which goes beyond the machine's limit.
    private const int SocketLevel = 1;
    private const int ReceiveBufferForce = 33;

    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _end = new();
    private readonly List<Lane> _lanes = [];
    private readonly List<Socket> _servers = [];
    private readonly List<Task> _reading = [];
    private readonly Thread _sender;

    internal OrchestratedTraffic(string clientNamespace, string serverNamespace, IReadOnlyList<TestbedFlow> flows, TimeSpan pace, int size)
    {
        foreach (var flow in flows)
        {
            var client = Open(clientNamespace, new IPEndPoint(flow.Client, flow.ClientPort));
            _lanes.Add(new Lane(flow, client));
        }

        foreach (var end in flows.Select(flow => new IPEndPoint(flow.Server, flow.ServerPort)).Distinct())
        {
            var server = Open(serverNamespace, end);
            _servers.Add(server);
            var lanes = _lanes.Where(lane => lane.End.Equals(end)).ToList();
            var hidden = lanes.FirstOrDefault(lane => lane.Flow.IsHidden);
            _reading.Add(AnswerAsync(server, hidden, lanes.Where(lane => !lane.Flow.IsHidden).ToDictionary(lane => new IPEndPoint(lane.Flow.Client, lane.Flow.ClientPort))));
        }

        foreach (var lane in _lanes) _reading.Add(ReadAsync(lane));
        // A thread of its own: the pool may be busy with what is measured.
        _sender = new Thread(() => Send(pace, size)) { IsBackground = true, Name = "orchestrated traffic" };
        _sender.Start();
    }

    /// <summary>Ends sending, waits until everything came back or the patience ends, and tells what became of each flow.</summary>
    public async Task<IReadOnlyList<TestbedFlowResult>> StopAsync(TimeSpan patience)
    {
        await _stop.CancelAsync();
        _sender.Join();
        var began = TimeProvider.System.GetTimestamp();
        while (_lanes.Any(lane => lane.AnsweredCount < lane.Sent) && TimeProvider.System.GetElapsedTime(began) < patience) await Task.Delay(LookEvery);
        await _end.CancelAsync();
        await Task.WhenAll(_reading);
        return [.. _lanes.Select(lane => new TestbedFlowResult(lane.Flow, lane.Sent, lane.ReceivedCount, lane.AnsweredCount) { SeenFrom = lane.SeenFrom })];
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(TimeSpan.Zero);
        foreach (var lane in _lanes) lane.Socket.Dispose();
        foreach (var server in _servers) server.Dispose();
        _stop.Dispose();
        _end.Dispose();
    }

    private static Socket Open(string networkNamespace, IPEndPoint end) => NamespaceSocket.Create(networkNamespace, () =>
    {
        var socket = new Socket(end.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        // What waits for a busy test must not be taken for lost.
        socket.SetRawSocketOption(SocketLevel, ReceiveBufferForce, BitConverter.GetBytes(1 << 24));
        socket.Bind(end);
        return socket;
    });

    private void Send(TimeSpan pace, int size)
    {
        var datagram = new byte[size];
        do
        {
            foreach (var lane in _lanes)
            {
                BinaryPrimitives.WriteInt32BigEndian(datagram, lane.Sent);
                lane.Sent++;
                try
                {
                    lane.Socket.SendTo(datagram, lane.To);
                }
                catch (SocketException)
                {
                    // There is no way at this moment: lost, as one that somebody drops on the way.
                }
            }
        }
        while (pace > TimeSpan.Zero && !_stop.Token.WaitHandle.WaitOne(pace));
    }

    private async Task AnswerAsync(Socket server, Lane? hidden, Dictionary<IPEndPoint, Lane> lanes)
    {
        var buffer = new byte[ushort.MaxValue];
        var anybody = Anybody(server);
        try
        {
            while (true)
            {
                var seen = await server.ReceiveFromAsync(buffer, SocketFlags.None, anybody, _end.Token);
                if (!lanes.TryGetValue((IPEndPoint)seen.RemoteEndPoint, out var lane)) lane = hidden;
                if (lane is null) continue;
                lane.Receive(BinaryPrimitives.ReadInt32BigEndian(buffer), (IPEndPoint)seen.RemoteEndPoint);
                await server.SendToAsync(buffer.AsMemory(0, seen.ReceivedBytes), SocketFlags.None, seen.RemoteEndPoint, _end.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // It is over.
        }
    }

    private static IPEndPoint Anybody(Socket socket) => new(socket.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0);

    private async Task ReadAsync(Lane lane)
    {
        var buffer = new byte[ushort.MaxValue];
        var anybody = Anybody(lane.Socket);
        try
        {
            while (true)
            {
                var seen = await lane.Socket.ReceiveFromAsync(buffer, SocketFlags.None, anybody, _end.Token);
                // What comes from elsewhere is an answer to nothing that was asked.
                if (lane.To.Equals(seen.RemoteEndPoint)) lane.Answer(BinaryPrimitives.ReadInt32BigEndian(buffer));
            }
        }
        catch (OperationCanceledException)
        {
            // It is over.
        }
    }

    private sealed class Lane(TestbedFlow flow, Socket socket)
    {
        private readonly HashSet<int> _received = [];
        private readonly HashSet<int> _answered = [];
        private readonly List<IPEndPoint> _seenFrom = [];

        public TestbedFlow Flow => flow;

        public Socket Socket => socket;

        public IPEndPoint End { get; } = new(flow.Server, flow.ServerPort);

        public IPEndPoint To => flow.Towards ?? End;

        public int Sent { get; set; }

        public int ReceivedCount { get { lock (_received) return _received.Count; } }

        public int AnsweredCount { get { lock (_answered) return _answered.Count; } }

        public IReadOnlyList<IPEndPoint> SeenFrom { get { lock (_received) return [.. _seenFrom]; } }

        public void Receive(int number, IPEndPoint from)
        {
            lock (_received)
            {
                _received.Add(number);
                if (!_seenFrom.Contains(from)) _seenFrom.Add(from);
            }
        }

        public void Answer(int number) { lock (_answered) _answered.Add(number); }
    }
}

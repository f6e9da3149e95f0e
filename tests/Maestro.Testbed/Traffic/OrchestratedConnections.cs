using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Maestro.Testbeds.Traffic;

/// <summary>
/// Long-lived TCP connections between client and server beyond the orchestrators. Each sends the next number at a steady pace and gets it back; both ends see to
/// it that none is missing. A thread for each end does nothing else, so that what is measured is the network's.
/// </summary>
public sealed class OrchestratedConnections : IAsyncDisposable
{
    private const int Size = 4;

    private static readonly TimeSpan OpenPatience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(20);

    private readonly string _clientNamespace;
    private readonly string _serverNamespace;
    private readonly TimeSpan _pace;
    private readonly ConcurrentDictionary<Socket, Lane> _clients = new();
    private readonly ConcurrentDictionary<Socket, Lane?> _servers = new();
    private readonly ConcurrentDictionary<IPEndPoint, Lane> _byClient = new();
    private readonly ConcurrentDictionary<IPEndPoint, Lane> _byServer = new();
    private readonly HashSet<IPEndPoint> _listening = [];
    private readonly Thread _client;
    private readonly Thread _server;
    private long _clientStall;
    private long _serverStall;
    private volatile bool _sends = true;
    private volatile bool _ended;

    internal OrchestratedConnections(string clientNamespace, string serverNamespace, TimeSpan pace)
    {
        (_clientNamespace, _serverNamespace, _pace) = (clientNamespace, serverNamespace, pace);
        _client = new Thread(Exchange) { IsBackground = true, Name = "connections, client" };
        _server = new Thread(Serve) { IsBackground = true, Name = "connections, server" };
        _client.Start();
        _server.Start();
    }

    /// <summary>Opens one more.</summary>
    /// <exception cref="SocketException">It was refused.</exception>
    /// <exception cref="OperationCanceledException">It did not open in 10 s.</exception>
    public async Task OpenAsync(TestbedFlow flow)
    {
        var end = new IPEndPoint(flow.Server, flow.ServerPort);
        if (_listening.Add(end)) _servers[NamespaceSocket.Create(_serverNamespace, () => Listen(end))] = null;
        var lane = new Lane(flow);
        if (flow.IsHidden) _byServer[end] = lane;
        _byClient[new IPEndPoint(flow.Client, flow.ClientPort)] = lane;
        var socket = NamespaceSocket.Create(_clientNamespace, () => Bound(new IPEndPoint(flow.Client, flow.ClientPort)));
        using var limit = new CancellationTokenSource(OpenPatience);
        await socket.ConnectAsync(flow.Towards ?? end, limit.Token);
        lane.SeenAt = TimeProvider.System.GetTimestamp();
        _clients[socket] = lane;
    }

    /// <summary>The longest time that one of the two ends did not look at its connections: what the machine did, not the network.</summary>
    public TimeSpan LongestStall => TimeSpan.FromTicks(Math.Max(Interlocked.Read(ref _clientStall), Interlocked.Read(ref _serverStall)));

    /// <summary>What has become of all of them by now.</summary>
    public IReadOnlyList<TestbedConnectionResult> Results => [.. _byClient.Values.Select(lane => lane.Result)];

    /// <summary>Ends sending, waits until everything came back or the patience ends, and tells what became of each.</summary>
    public async Task<IReadOnlyList<TestbedConnectionResult>> StopAsync(TimeSpan patience)
    {
        _sends = false;
        var began = TimeProvider.System.GetTimestamp();
        while (Results.Any(r => r.Fault.Length == 0 && !r.Lives) && TimeProvider.System.GetElapsedTime(began) < patience) await Task.Delay(LookEvery);
        _ended = true;
        await Task.Run(() =>
        {
            _client.Join();
            _server.Join();
        });
        return Results;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(TimeSpan.Zero);
        foreach (var socket in _clients.Keys.Concat(_servers.Keys)) socket.Dispose();
    }

    private static Socket Bound(IPEndPoint end)
    {
        var socket = new Socket(end.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        socket.Bind(end);
        return socket;
    }

    private static Socket Listen(IPEndPoint end)
    {
        var socket = Bound(end);
        socket.Listen(512);
        return socket;
    }

    private void Exchange()
    {
        var next = TimeProvider.System.GetTimestamp();
        var looked = next;
        while (!_ended)
        {
            Note(ref looked, ref _clientStall);
            if (TimeProvider.System.GetElapsedTime(next) >= TimeSpan.Zero)
            {
                if (_sends) foreach (var (socket, lane) in _clients) lane.Send(socket);
                next += (long)(_pace.TotalSeconds * TimeProvider.System.TimestampFrequency);
                // What the machine did not let us send in time is not made up for.
                if (TimeProvider.System.GetElapsedTime(next) > _pace) next = TimeProvider.System.GetTimestamp();
            }

            // Also where sending takes longer than the pace: what has come is read.

            foreach (var socket in Readable(_clients.Where(c => c.Value.Result.Fault.Length == 0).Select(c => c.Key), -TimeProvider.System.GetElapsedTime(next))) _clients[socket].TakeAnswers(socket);
        }
    }

    private void Serve()
    {
        var looked = TimeProvider.System.GetTimestamp();
        while (!_ended)
        {
            Note(ref looked, ref _serverStall);
            foreach (var socket in Readable(_servers.Where(s => s.Value is null or { IsServed: true }).Select(s => s.Key), LookEvery))
            {
                if (_servers[socket] is { } lane)
                {
                    lane.Serve(socket);
                    continue;
                }

                var accepted = socket.Accept();
                accepted.NoDelay = true;
                var peer = (IPEndPoint)accepted.RemoteEndPoint!;
                if (!_byServer.TryGetValue((IPEndPoint)accepted.LocalEndPoint!, out var served) && !_byClient.TryGetValue(peer, out served))
                {
                    accepted.Dispose();
                    continue;
                }

                served.SeenFrom = peer;
                _servers[accepted] = served;
            }
        }
    }

    private static void Note(ref long looked, ref long worst)
    {
        var since = TimeProvider.System.GetElapsedTime(looked).Ticks;
        looked = TimeProvider.System.GetTimestamp();
        if (since > Interlocked.Read(ref worst)) Interlocked.Exchange(ref worst, since);
    }

    private static List<Socket> Readable(IEnumerable<Socket> sockets, TimeSpan patience)
    {
        var ready = sockets.ToList();
        if (ready.Count == 0) Thread.Sleep(1);
        else Socket.Select(ready, null, null, TimeSpan.FromMilliseconds(Math.Clamp(patience.TotalMilliseconds, 0, 20)));
        return ready;
    }

    private sealed class Lane(TestbedFlow flow)
    {
        private readonly object _gate = new();
        private readonly byte[] _fromClient = new byte[4096];
        private readonly byte[] _fromServer = new byte[4096];
        private int _fromClientLength;
        private int _fromServerLength;
        private int _sent;
        private int _received;
        private int _answered;
        private TimeSpan _worst;
        private string _fault = "";

        public long SeenAt { get; set; }

        public IPEndPoint? SeenFrom { get; set; }

        public bool IsServed { get; private set; } = true;

        public TestbedConnectionResult Result
        {
            get
            {
                lock (_gate)
                {
                    // What it waits for at this moment counts as well.
                    var open = _answered < _sent && SeenAt != 0 ? TimeProvider.System.GetElapsedTime(SeenAt) : TimeSpan.Zero;
                    return new(flow, _sent, _received, _answered, open > _worst ? open : _worst, _fault) { SeenFrom = SeenFrom };
                }
            }
        }

        public void Send(Socket socket)
        {
            if (Result.Fault.Length > 0) return;
            var number = new byte[Size];
            BinaryPrimitives.WriteInt32BigEndian(number, _sent);
            Try(() => socket.Send(number));
            lock (_gate) _sent++;
        }

        public void TakeAnswers(Socket socket)
        {
            var before = _answered;
            Try(() => _answered = Numbers(socket, _fromServer, ref _fromServerLength, _answered, "came back"));
            if (_answered == before) return;
            var gap = TimeProvider.System.GetElapsedTime(SeenAt);
            SeenAt = TimeProvider.System.GetTimestamp();
            lock (_gate) if (gap > _worst) _worst = gap;
        }

        public void Serve(Socket socket)
        {
            var before = _received;
            Try(() => _received = Numbers(socket, _fromClient, ref _fromClientLength, _received, "came to the server"));
            if (Result.Fault.Length > 0) IsServed = false;
            for (var number = before; number < _received && IsServed; number++)
            {
                var answer = new byte[Size];
                BinaryPrimitives.WriteInt32BigEndian(answer, number);
                Try(() => socket.Send(answer));
            }
        }

        private static int Numbers(Socket socket, byte[] buffer, ref int length, int expected, string what)
        {
            var read = socket.Receive(buffer, length, buffer.Length - length, SocketFlags.None);
            if (read == 0) throw new SocketException((int)SocketError.Disconnecting);
            length += read;
            var at = 0;
            for (; at + Size <= length; at += Size, expected++)
            {
                var number = BinaryPrimitives.ReadInt32BigEndian(buffer.AsSpan(at));
                if (number != expected) throw new InvalidDataException($"{number} {what} instead of {expected}");
            }

            buffer.AsSpan(at, length - at).CopyTo(buffer);
            length -= at;
            return expected;
        }

        private void Try(Action act)
        {
            try
            {
                act();
            }
            catch (Exception fault) when (fault is SocketException or InvalidDataException or ObjectDisposedException)
            {
                lock (_gate) if (_fault.Length == 0) _fault = fault.Message;
            }
        }
    }
}

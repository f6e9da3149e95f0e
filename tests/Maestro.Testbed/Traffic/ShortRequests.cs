using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Maestro.Testbeds.Traffic;

/// <summary>Requests of web clients, each over a connection of its own that ends with the answer; the server is a real one that knows nothing of tests.</summary>
public sealed class ShortRequests : IAsyncDisposable
{
    private const int Port = 8080;
    private const int Lines = 2000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly CancellationTokenSource _stop = new();
    private readonly string _clientNamespace;
    private readonly string _page;
    private readonly List<Task> _workers = [];
    private int _answered;
    private int _failed;

    private ShortRequests(string clientNamespace, string page) => (_clientNamespace, _page) = (clientNamespace, page);

    internal static async Task<ShortRequests> StartAsync(Testbed bed, string clientNamespace, int workers)
    {
        var folder = Directory.CreateDirectory(Path.Combine(bed.DirectoryPath, "www")).FullName;
        var requests = new ShortRequests(clientNamespace, string.Concat(Enumerable.Range(0, Lines).Select(n => n.ToString("000000000\n", CultureInfo.InvariantCulture))));
        await File.WriteAllTextAsync(Path.Combine(folder, "page"), requests._page);
        await bed.RunBeyondAsync(atServer: true, $"busybox httpd -p {Port} -h {folder}");
        requests._workers.AddRange(Enumerable.Range(1, workers).Select(n => Task.Run(() => requests.AskAsync(n))));
        return requests;
    }

    /// <summary>Ends them, and says how many came back whole within ten seconds, and how many did not.</summary>
    public async Task<(int Answered, int Failed)> StopAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_workers);
        return (_answered, _failed);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    private async Task AskAsync(int worker)
    {
        var isIPv6 = worker % 4 == 0;
        var server = Testbed.Server(worker, isIPv6);
        var page = new UriBuilder("http", server.ToString(), Port, "page").Uri;
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                using var handler = new SocketsHttpHandler { ConnectCallback = (_, cancellation) => ConnectAsync(Testbed.Client(worker, isIPv6), new IPEndPoint(server, Port), cancellation), UseProxy = false };
                using var client = new HttpClient(handler) { Timeout = Patience };
                Count(await client.GetStringAsync(page) == _page);
            }
            catch (Exception fault) when (fault is HttpRequestException or OperationCanceledException)
            {
                Count(false);
            }

            await Task.Delay(Pause);
        }
    }

    private void Count(bool isWhole)
    {
        if (isWhole) Interlocked.Increment(ref _answered);
        else Interlocked.Increment(ref _failed);
    }

    private async ValueTask<Stream> ConnectAsync(IPAddress from, IPEndPoint to, CancellationToken cancellation)
    {
        var socket = NamespaceSocket.Create(_clientNamespace, () =>
        {
            var made = new Socket(from.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            made.Bind(new IPEndPoint(from, 0));
            return made;
        });
        try
        {
            await socket.ConnectAsync(to, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

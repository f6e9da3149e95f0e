using System.Net.Http;
using System.Net.Sockets;
using Maestro.Engine.Fabrics.Linux.Ssh;
using Maestro.Engine.Model.Errors;

namespace Maestro.Engine.Fabrics.Probes;

/// <summary>The probes that are asked from this machine.</summary>
/// <param name="time">The clock of the calls' deadlines.</param>
/// <param name="script">Runs a script and answers null when it is content, else what was seen; null where nothing runs PowerShell.</param>
internal sealed class HereProbes(TimeProvider time, Func<string, string?>? script)
{
    // A client of its own for each question would leave a port in TIME_WAIT each time.
    private static readonly HttpClient Client = new() { Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>The question's answer; a question that hangs is given up at the call's deadline.</summary>
    public async Task<Effect> AskAsync(FabricCall call, Probe probe)
    {
        var left = call.Deadline - time.GetUtcNow();
        if (left <= TimeSpan.Zero) return Failed("there was no time left to ask", "");
        using var late = time.CreateCancellationTokenSource(left);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(late.Token, call.Cancellation);
        try
        {
            return probe.Kind switch
            {
                ProbeKind.Tcp => await ConnectAsync(new Uri(probe.What), end.Token),
                ProbeKind.Http => await GetAsync(new Uri(probe.What), end.Token),
                _ => await BlockingThread.RunAsync("probe", () => RunScript(probe)).UntilAsync(end.Token),
            };
        }
        catch (OperationCanceledException)
        {
            return Failed("no answer in time", "");
        }
    }

    /// <summary>Runs the script on this thread, which waits for it.</summary>
    public Effect RunScript(Probe probe)
    {
        if (script is null) return Effect.Refused("nothing here runs PowerShell scripts", ErrorCatalogue.FabricCannot);
        return script(probe.What) is { } seen ? Failed(seen, "") : Effect.Already("content");
    }

    public static Effect Failed(string reason, string evidence) => Effect.Refused(reason, ErrorCatalogue.ProbeFailed, evidence, transient: true);

    private static async Task<Effect> ConnectAsync(Uri address, CancellationToken end)
    {
        using var client = new TcpClient(address.HostNameType == UriHostNameType.IPv6 ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork);
        try
        {
            await ConnectedAsync(client, address).UntilAsync(end);
            return Effect.Already("accepted");
        }
        catch (SocketException fault)
        {
            return Failed(fault.Message, fault.SocketErrorCode.ToString());
        }
    }

    private static async Task<bool> ConnectedAsync(TcpClient client, Uri address)
    {
        await client.ConnectAsync(address.DnsSafeHost, address.Port);
        return true;
    }

    private static async Task<Effect> GetAsync(Uri address, CancellationToken end)
    {
        try
        {
            using var answer = await Client.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, end);
            var words = $"{((int)answer.StatusCode).ToString(System.Globalization.CultureInfo.InvariantCulture)} {answer.ReasonPhrase}";
            return answer.IsSuccessStatusCode ? Effect.Already(words) : Failed("it was answered " + words, words);
        }
        catch (HttpRequestException fault)
        {
            return Failed(fault.GetBaseException().Message, "");
        }
    }
}

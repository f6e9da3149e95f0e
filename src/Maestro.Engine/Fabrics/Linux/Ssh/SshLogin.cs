using System.Net.Sockets;
using Maestro.Engine.Model.Errors;
using Renci.SshNet;
using Renci.SshNet.Common;

namespace Maestro.Engine.Fabrics.Linux.Ssh;

/// <summary>Opens connections: host key first, then the login. Everything here blocks.</summary>
internal sealed class SshLogin(SshKeys keys, HostKeyVerifier verifier, SshTransportOptions options)
{
    // A host has one key of each type, and there are no more types than this.
    private const int MostKeyTypes = 5;

    // NAT and firewalls on the way forget silent connections, some after half a minute.
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(15);

    public Redaction Redaction => keys.Redaction;

    /// <param name="endpoint">Who the host is.</param>
    /// <param name="address">Where it is reached: its own address, or the near end of a forwarded channel.</param>
    /// <param name="port">As <paramref name="address"/>.</param>
    /// <exception cref="MaestroException"><c>Maestro.KeyUnknown</c>, <c>KeyChanged</c>, <c>KeyRevoked</c>, <c>LoginRefused</c>, <c>MemberUnreachable</c>.</exception>
    public SshClient Open(HostEndpoint endpoint, string address, int port)
    {
        var seen = new List<string>();
        MaestroException? first = null;
        for (var attempt = 0; attempt < MostKeyTypes; attempt++)
        {
            HostKeyJudgement? judgement = null;
            HostKey? shown = null;
            var info = new ConnectionInfo(address, port, endpoint.User, [.. keys.MethodsFor(endpoint)]) { Timeout = options.ConnectPatience, RetryAttempts = 1 };
            if (!options.PrefersPostQuantum) PutLast(info.KeyExchangeAlgorithms, "sntrup761");
            OfferHostKeys(info, verifier.KnownTypes(endpoint), seen);
            if (info.HostKeyAlgorithms.Count == 0) break;
            var client = new SshClient(info) { KeepAliveInterval = KeepAlive };
            client.HostKeyReceived += (_, e) =>
            {
                shown = HostKey.FromBytes(e.HostKey);
                judgement = verifier.Judge(endpoint, shown);
                e.CanTrust = judgement.Refusal is null;
            };
            try
            {
                client.Connect();
                return client;
            }
            catch (Exception fault)
            {
                client.Dispose();
                if (judgement?.Refusal is { } refusal)
                {
                    first ??= refusal;
                    // A fingerprint does not tell the type of its key: the host may have the one that is meant beside the one that it showed.
                    if (!judgement.OtherTypesMayMatch) throw first;
                    seen.Add(shown!.Type);
                    continue;
                }

                if (first is not null) break;
                throw Explain(endpoint, fault);
            }
        }

        throw first!;
    }

    private static MaestroException Explain(HostEndpoint endpoint, Exception fault) => fault switch
    {
        MaestroException known => known,
        SshAuthenticationException => new MaestroException(ErrorCatalogue.LoginRefused, $"{endpoint.Id} ({endpoint}) refused the login of '{endpoint.User}': {fault.Message}", endpoint.Id, innerException: fault),
        SocketException or SshException or IOException or InvalidOperationException or TimeoutException => Unreachable(endpoint, fault.Message, fault),
        _ => Unreachable(endpoint, $"{fault.GetType().Name}: {fault.Message}", fault),
    };

    public static MaestroException Unreachable(HostEndpoint endpoint, string why, Exception? inner = null) =>
        new(ErrorCatalogue.MemberUnreachable, $"{endpoint.Id} ({endpoint}{(endpoint.Jump is { } jump ? ", through " + jump.Id : "")}) does not answer: {why}", endpoint.Id, innerException: inner);

    /// <summary>
    /// Types on record come first, in their order; the rest stay behind them, so that a new type is seen as new and not as a failure. Certificates are not
    /// asked for, since nobody here judges them.
    /// </summary>
    internal static void OfferHostKeys(ConnectionInfo info, IReadOnlyList<string> known, IReadOnlyList<string> without)
    {
        // An RSA key is one type with several signature algorithms.
        static bool IsOf(string algorithm, string type) => algorithm == type || (type == "ssh-rsa" && algorithm.StartsWith("rsa-sha2-", StringComparison.Ordinal));
        var all = info.HostKeyAlgorithms.Where(a => a.Key.IndexOf("-cert-", StringComparison.Ordinal) < 0 && !without.Any(t => IsOf(a.Key, t))).ToList();
        info.HostKeyAlgorithms.Clear();
        foreach (var pair in known.SelectMany(t => all.Where(a => IsOf(a.Key, t))).Concat(all))
        {
            if (!info.HostKeyAlgorithms.ContainsKey(pair.Key)) info.HostKeyAlgorithms.Add(pair.Key, pair.Value);
        }
    }

    private static void PutLast<T>(IOrderedDictionary<string, T> algorithms, string beginning)
    {
        foreach (var pair in algorithms.Where(a => a.Key.StartsWith(beginning, StringComparison.Ordinal)).ToList())
        {
            algorithms.Remove(pair.Key);
            algorithms.Add(pair.Key, pair.Value);
        }
    }
}

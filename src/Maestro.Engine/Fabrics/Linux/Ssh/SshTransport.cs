using Maestro.Engine.Model.Errors;

namespace Maestro.Engine.Fabrics.Linux.Ssh;

/// <summary>SSH to many hosts: one connection each, kept and reused.</summary>
internal sealed class SshTransport : IGatewayTransport
{
    // Goodbyes are polite, not important.
    private static readonly TimeSpan FarewellPatience = TimeSpan.FromSeconds(5);

    private readonly object _gate = new();
    private readonly Dictionary<HostEndpoint, SshHost> _hosts = [];
    private readonly SshKeys _keys;
    private readonly SshLogin _login;
    private readonly SshTransportOptions _options;

    public SshTransport(SshCredentials credentials, HostKeyVerifier verifier, TimeProvider time)
        : this(credentials, verifier, new SshTransportOptions { Time = time })
    {
    }

    public SshTransport(SshCredentials credentials, HostKeyVerifier verifier, SshTransportOptions options)
    {
        _keys = new SshKeys(credentials);
        _login = new SshLogin(_keys, verifier, options);
        _options = options;
    }

    public async Task<ScriptAnswer> RunAsync(HostEndpoint host, ShellScript script, TimeSpan timeout, CancellationToken cancellation)
    {
        Trace(host, script, WireEvent.Sent, script.Describe);
        var answer = Redact(await HostOf(host).RunAsync(script, timeout, cancellation), script);
        Trace(host, script, answer.Outcome == ScriptOutcome.Answered ? WireEvent.Answered : WireEvent.Lost, () => Describe(answer));
        return answer;
    }

    public async ValueTask DisposeAsync()
    {
        List<SshHost> hosts;
        lock (_gate)
        {
            hosts = [.. _hosts.Values];
            _hosts.Clear();
        }

        using var patience = new CancellationTokenSource();
        await Task.WhenAny(Task.WhenAll(hosts.Select(h => h.CloseAsync())), _options.Time.Delay(FarewellPatience, patience.Token));
        patience.Cancel();
    }

    private SshHost HostOf(HostEndpoint endpoint)
    {
        lock (_gate) return HostOf_NeedsLock(endpoint);
    }

    private SshHost HostOf_NeedsLock(HostEndpoint endpoint)
    {
        if (_hosts.TryGetValue(endpoint, out var known)) return known;
        return _hosts[endpoint] = new SshHost(endpoint, _login, endpoint.Jump is null ? null : HostOf_NeedsLock(endpoint.Jump), _options);
    }

    private void Trace(HostEndpoint host, ShellScript script, WireEvent happened, Func<string> text) =>
        _options.Trace?.Invoke(new WireTrace(_options.Time.GetUtcNow(), host.Id, happened, Redaction.Apply(text(), Secrets(script))));

    // The policy that a member sends back must stay as it is: only what this script carried as a secret is taken out of an answer.
    private ScriptAnswer Redact(ScriptAnswer answer, ShellScript script)
    {
        if (answer.Fault is { } fault && Redaction.Apply(fault.Message, Secrets(script)) is var message && message != fault.Message)
        {
            // What lay beneath said it too.
            answer = answer with { Output = message, Fault = new MaestroException(fault.Code, message, fault.Target, fault.Advice) };
        }

        if (script.Secrets.Count == 0) return answer;
        return answer with { Output = Redaction.Apply(answer.Output, script.Secrets), ErrorOutput = Redaction.Apply(answer.ErrorOutput, script.Secrets) };
    }

    private IEnumerable<string> Secrets(ShellScript script) => _keys.Secrets.Concat(script.Secrets);

    private static string Describe(ScriptAnswer answer)
    {
        var took = (answer.EndedAt - answer.StartedAt).TotalMilliseconds.ToString("0", System.Globalization.CultureInfo.InvariantCulture);
        var end = answer.Outcome == ScriptOutcome.Answered ? "exit " + answer.ExitCode.ToString(System.Globalization.CultureInfo.InvariantCulture) : answer.Outcome.ToString();
        return string.Join("\n", new[] { $"{end} after {took} ms", answer.Output.TrimEnd('\n'), answer.ErrorOutput }.Where(t => t.Length > 0));
    }
}

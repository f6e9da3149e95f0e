using System.Globalization;
using System.Text;
using Maestro.Engine.Model.Errors;

namespace Maestro.Engine.Fabrics.Linux.Ssh;

/// <summary>SSH to many hosts: one connection each, kept and reused.</summary>
internal sealed class SshTransport : IGatewayTransport, IGatewayFeed
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
        Trace(host, script, WireEvent.Sent, script.Summary, script.Describe);
        var answer = Redact(await HostOf(host).RunAsync(script, timeout, cancellation), script);
        Trace(host, script, answer.Outcome == ScriptOutcome.Answered ? WireEvent.Answered : WireEvent.Lost, () => Summary(answer), () => Body(answer));
        return answer;
    }

    public IDisposable Listen(HostEndpoint host, ShellScript script, TimeSpan silence, Action<string> line)
    {
        Trace(host, script, WireEvent.Sent, script.Summary, script.Describe);
        // The jump host's connection is shared; who only listens has one of its own, so that a dead one hinders no script.
        return new SshFeed(() => HostOf(host).OpenAsync(), script, silence, line, _options.Time);
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

    private void Trace(HostEndpoint host, ShellScript script, WireEvent happened, Func<string> line, Func<string> body) =>
        _options.Trace?.Invoke(new WireTrace(_options.Time.GetUtcNow(), host.Id, happened, RedactionOf(script), line, body));

    // The policy that a member sends back must stay as it is: of its output only what this script carried as a secret is taken out here.
    private ScriptAnswer Redact(ScriptAnswer answer, ShellScript script)
    {
        var redaction = RedactionOf(script);
        if (answer.Fault is { } fault && Tells(redaction, fault))
        {
            // What lay beneath said it too.
            fault = new MaestroException(fault.Code, redaction.Apply(fault.Message), fault.Target is null ? null : redaction.Apply(fault.Target), redaction.Apply(fault.Advice));
            answer = answer with { Output = fault.Message, Fault = fault };
        }

        return answer with { Redaction = redaction, Output = new Redaction(script.Secrets).Apply(answer.Output), ErrorOutput = redaction.Apply(answer.ErrorOutput) };
    }

    private static bool Tells(Redaction redaction, MaestroException fault)
    {
        var everything = $"{fault}\n{fault.Target}\n{fault.Advice}";
        return redaction.Apply(everything) != everything;
    }

    private Redaction RedactionOf(ShellScript script) => _keys.Redaction.With(script.Secrets);

    private static string Summary(ScriptAnswer answer)
    {
        var took = (answer.EndedAt - answer.StartedAt).TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture);
        if (answer.Outcome != ScriptOutcome.Answered) return $"{answer.Outcome} after {took} ms: {answer.Output}";
        var size = Encoding.UTF8.GetByteCount(answer.Output).ToString(CultureInfo.InvariantCulture);
        return $"exit {answer.ExitCode.ToString(CultureInfo.InvariantCulture)} after {took} ms, {size} bytes{(answer.ErrorOutput.Length > 0 ? "; " + answer.ErrorOutput : "")}";
    }

    private static string Body(ScriptAnswer answer) => string.Join("\n", new[] { answer.Output.TrimEnd('\n'), answer.ErrorOutput }.Where(t => t.Length > 0));
}

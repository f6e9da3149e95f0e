using Maestro.Engine.Model.Errors;

namespace Maestro.Engine.Fabrics.Probes;

public enum ProbeKind
{
    /// <summary>A connection from here that somebody accepts.</summary>
    Tcp,

    /// <summary>A request from here that is answered with success (2xx, redirections followed).</summary>
    Http,

    /// <summary>A command on each member that ends with 0.</summary>
    Command,

    /// <summary>A PowerShell script here, in a runspace of its own, that neither fails nor ends with false.</summary>
    Script,
}

/// <summary>A question whose answer the user wants to be good before a change is decided.</summary>
public sealed record Probe
{
    /// <summary>How a script is written as text.</summary>
    public const string ScriptPrefix = "script:";

    private const string CommandPrefix = "exec:";

    private Probe(string text, ProbeKind kind, string what)
    {
        Text = text;
        Kind = kind;
        What = what;
    }

    /// <summary>As the user wrote it, and as it stands in plan and journal.</summary>
    public string Text { get; }

    public ProbeKind Kind { get; }

    /// <summary>The address, the command or the script.</summary>
    public string What { get; }

    /// <summary>True when every member is asked, false when the question is asked from here.</summary>
    public bool IsOnMembers => Kind == ProbeKind.Command;

    /// <summary>Reads <c>tcp://host:443</c>, <c>https://host/health</c>, <c>exec:command</c> or <c>script:text</c>.</summary>
    /// <exception cref="MaestroException"><c>ParameterInvalid</c>: it is none of these.</exception>
    public static Probe Parse(string text)
    {
        if (After(text, CommandPrefix) is { Length: > 0 } command) return new Probe(text, ProbeKind.Command, command);
        if (After(text, ScriptPrefix) is { Length: > 0 } script) return new Probe(text, ProbeKind.Script, script);
        if (Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Host.Length > 0)
        {
            if (address.UserInfo.Length > 0) throw Invalid(text, "it carries a user name or password, which would stand in the journal");
            if (address.Scheme == "tcp" && address.Port > 0 && address.PathAndQuery.Trim('/').Length == 0) return new Probe(text, ProbeKind.Tcp, text);
            if (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps) return new Probe(text, ProbeKind.Http, text);
        }

        throw Invalid(text, "it is none of them");
    }

    public override string ToString() => Text;

    private static string After(string text, string prefix) => text.StartsWith(prefix, StringComparison.OrdinalIgnoreCase) ? text.Substring(prefix.Length).Trim() : "";

    private static MaestroException Invalid(string text, string why) => new(
        ErrorCatalogue.ParameterInvalid,
        $"A probe is tcp://host:443, https://host/health, exec:command or a script block; '{(text.Contains("@") ? "..." : text)}' cannot be used: {why}.",
        "Probe");
}

using Maestro.Engine.Model.Errors;

namespace Maestro.Engine.Fabrics.Linux.Ssh;

internal enum ScriptOutcome
{
    /// <summary>The script ran to its end.</summary>
    Answered,

    /// <summary>Certainly nothing of it was run.</summary>
    NotSent,

    /// <summary>It was sent, and no end was seen: it may have run, in part or whole.</summary>
    Unknown,
}

/// <summary>What came back.</summary>
/// <param name="Outcome">What is known of the script.</param>
/// <param name="ExitCode">The script's own; -1 unless it answered.</param>
/// <param name="Output">Its standard output, byte for byte as UTF-8; what happened instead when it did not answer.</param>
/// <param name="Fault">Why there is no answer: <c>Maestro.MemberUnreachable</c>, <c>LoginRefused</c>, <c>KeyUnknown</c>, <c>KeyChanged</c>, <c>KeyRevoked</c>, <c>OperationStopped</c>.</param>
internal sealed record ScriptAnswer(ScriptOutcome Outcome, int ExitCode, string Output, MaestroException? Fault = null)
{
    /// <summary>Its standard error, without the line ends at its end.</summary>
    public string ErrorOutput { get; init; } = "";

    /// <summary>What must not stand in words that people read. <see cref="Output"/> stays as it came: it may be a policy.</summary>
    public Redaction Redaction { get; init; } = Redaction.None;

    /// <summary>When it was handed to the transport.</summary>
    public DateTimeOffset StartedAt { get; init; }

    public DateTimeOffset EndedAt { get; init; }

    /// <summary>The values of the lines <c>@key value</c>, in order.</summary>
    public IEnumerable<string> Values(string key)
    {
        var start = "@" + key;
        foreach (var line in Output.Split('\n'))
        {
            if (line == start) yield return "";
            else if (line.StartsWith(start + " ", StringComparison.Ordinal)) yield return line.Substring(start.Length + 1);
        }
    }

    public string Value(string key) => Values(key).FirstOrDefault() ?? "";

    /// <summary>As <see cref="Values"/>, for people: nothing may be decided by it.</summary>
    public IEnumerable<string> Words(string key) => Values(key).Select(Redaction.Apply);

    /// <summary>As <see cref="Value"/>, for people.</summary>
    public string Word(string key) => Words(key).FirstOrDefault() ?? "";

    /// <summary>All that is no answer line: what commands printed.</summary>
    public string Evidence => Redaction.Apply(string.Join("\n", Output.Split('\n').Concat(ErrorOutput.Split('\n')).Where(l => l.Length > 0 && l[0] != '@')));

    /// <summary>Its whole standard output, for people.</summary>
    public string Transcript => Redaction.Apply(Output);
}

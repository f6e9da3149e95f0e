namespace Maestro.Engine.Fabrics.Linux.Ssh;

internal enum WireEvent
{
    /// <summary>A connection stands: its server's version and the host key.</summary>
    Connected,
    Sent,
    Answered,

    /// <summary>There is no answer: why.</summary>
    Lost,
}

/// <summary>Something that went over the wire. Its words are made, and secrets taken out of them, when somebody reads them.</summary>
internal sealed class WireTrace(DateTimeOffset time, string host, WireEvent happened, Redaction redaction, Func<string> line, Func<string>? body = null)
{
    public DateTimeOffset Time => time;

    public string Host => host;

    public WireEvent Event => happened;

    /// <summary>What happened and how large it was, in one line.</summary>
    public string Line
    {
        get
        {
            var words = redaction.Apply(line());
            var end = words.IndexOfAny(['\r', '\n']);
            return $"{host} {happened.ToString().ToLowerInvariant()}: {(end < 0 ? words : words.Substring(0, end))}";
        }
    }

    /// <summary>The line, and all of what was sent or answered.</summary>
    public string Text => body is null ? Line : $"{Line}\n{redaction.Apply(body())}";
}

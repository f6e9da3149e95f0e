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

/// <summary>What went over the wire, for whoever debugs. Secrets are taken out.</summary>
internal sealed record WireTrace(DateTimeOffset Time, string Host, WireEvent Event, string Text);

namespace Maestro.Engine.Model.Monitoring;

/// <summary>What happened. The names never change: scripts match them.</summary>
public enum MaestroEventKind
{
    /// <summary>The watch began, and this is what it saw.</summary>
    WatchBegan,

    /// <summary>A member is in another state than at the last look.</summary>
    MemberStateChanged,
    MemberJoined,
    MemberLeft,

    /// <summary>The look at the group failed; the next may succeed.</summary>
    LookFailed,

    /// <summary>Observers agree that a member is lost.</summary>
    MemberLost,

    /// <summary>A lost member has answered for long enough.</summary>
    MemberBack,

    /// <summary>Members are silent and are not given up: too many, a person must look.</summary>
    FailoverWithheld,

    /// <summary>An observer hears few of those whom others hear; what it says does not count meanwhile.</summary>
    ObserverCutOff,
    ObserverHears,

    /// <summary>Too few observers can be trusted: nobody is judged.</summary>
    Blind,

    /// <summary>Enough observers can be trusted.</summary>
    Sees,

    /// <summary>An observer hears nothing of one member that another hears.</summary>
    MemberUnheard,

    /// <summary>This watch is the one that acts.</summary>
    LeadTaken,

    /// <summary>Another watch acts; this one is ready to take over.</summary>
    LeadHeld,

    /// <summary>The traffic was moved.</summary>
    FailedOver,
    FailoverFailed,

    /// <summary>The store did not take what is said here; it is tried again.</summary>
    EventsNotKept,

    /// <summary>An operation came to its end, or left members unsettled. Told from the journal, of which there is no copy among the events.</summary>
    OperationEnded,

    /// <summary>An orchestrator that steers the group does not answer any more.</summary>
    OrchestratorLost,
    OrchestratorBack,

    /// <summary>An orchestrator answers and does not go by the group's table, or may not have the addresses that it shares.</summary>
    OrchestratorOutOfStep,
    OrchestratorInStep,

    /// <summary>Another orchestrator than before has the addresses that neighbours send to.</summary>
    AddressesMoved,
}

public enum EventSeverity
{
    Information,
    Warning,
    Error,
}

/// <summary>Something that happened to a group, or to one member.</summary>
public sealed record MaestroEvent
{
    public required DateTimeOffset Time { get; init; }

    public required string SecurityGroup { get; init; }

    /// <summary>Empty where it is about the whole group or several members, which the text names.</summary>
    public string Member { get; init; } = "";

    public required MaestroEventKind Kind { get; init; }

    public EventSeverity Severity { get; init; }

    public required string Text { get; init; }

    /// <summary>The operation that it is about; empty for none.</summary>
    public string Operation { get; init; } = "";

    public string Session { get; init; } = "";

    public override string ToString() => $"{Kind} {SecurityGroup}{(Member.Length > 0 ? " " + Member : "")}: {Text}";
}

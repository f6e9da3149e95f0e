namespace Maestro.Engine.Fabrics.Simulation.World;

internal enum LabFaultKind
{
    /// <summary>Nothing arrives; the caller learns nothing.</summary>
    LoseRequest,

    /// <summary>It is done; the caller learns nothing.</summary>
    LoseAnswer,

    /// <summary>It is done at the last moment, and the answer comes too late.</summary>
    Slow,

    /// <summary>It is refused, for good: every further attempt too.</summary>
    Refuse,

    /// <summary>It is refused once, and may pass.</summary>
    RefuseOnce,

    /// <summary>It says yes and does nothing, every time.</summary>
    Lie,

    /// <summary>The gateway crashes as the call arrives; nothing was done.</summary>
    Crash,
}

/// <summary>Faults that wait for their call: "the next stage on that gateway loses its answer".</summary>
internal sealed class LabFaults
{
    private readonly List<(string Call, string Subject, LabFaultKind Kind)> _waiting = [];

    /// <param name="call">The name of the call, such as <c>commit</c> or <c>topology.apply</c>.</param>
    /// <param name="subject">Its gateway or port; empty for any.</param>
    /// <param name="kind">What goes wrong.</param>
    public void Add(string call, string subject, LabFaultKind kind) => _waiting.Add((call, subject, kind));

    public void Clear() => _waiting.Clear();

    public LabFaultKind? Take(string call, string subject)
    {
        var index = _waiting.FindIndex(f => f.Call == call && (f.Subject.Length == 0 || f.Subject == subject));
        if (index < 0) return null;
        var kind = _waiting[index].Kind;
        // A refusal for good stays: the runner's next attempt must meet it again.
        if (kind is not (LabFaultKind.Refuse or LabFaultKind.Lie)) _waiting.RemoveAt(index);
        return kind;
    }
}

namespace Maestro.Engine.Fabrics.Simulation.World;

internal enum LabFaultKind
{
    /// <summary>Nothing arrives; the caller learns nothing.</summary>
    LoseRequest,

    /// <summary>It is done; the caller learns nothing.</summary>
    LoseAnswer,

    /// <summary>It is refused, for good.</summary>
    Refuse,

    /// <summary>It is refused, but may pass.</summary>
    RefuseOnce,

    /// <summary>It says yes and does nothing.</summary>
    Lie,
}

/// <summary>Faults that wait for their call: "the next stage on that gateway loses its answer".</summary>
internal sealed class LabFaults
{
    private readonly List<(string Call, string Gateway, LabFaultKind Kind)> _waiting = [];

    /// <param name="call">The name of the call, such as <c>commit</c>.</param>
    /// <param name="gateway">Its gateway; empty for any.</param>
    /// <param name="kind">What goes wrong, once.</param>
    public void Add(string call, string gateway, LabFaultKind kind) => _waiting.Add((call, gateway, kind));

    public LabFaultKind? Take(string call, string gateway)
    {
        var index = _waiting.FindIndex(f => f.Call == call && (f.Gateway.Length == 0 || f.Gateway == gateway));
        if (index < 0) return null;
        var kind = _waiting[index].Kind;
        // A refusal for good stays: the runner's next attempt must meet it again.
        if (kind is not (LabFaultKind.Refuse or LabFaultKind.Lie)) _waiting.RemoveAt(index);
        return kind;
    }
}

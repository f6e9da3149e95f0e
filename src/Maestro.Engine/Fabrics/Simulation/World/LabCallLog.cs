using System.Globalization;

namespace Maestro.Engine.Fabrics.Simulation.World;

/// <summary>One call to the lab, as it was answered.</summary>
/// <param name="At">When it was answered.</param>
/// <param name="Name">Such as <c>commit</c> or <c>topology.apply</c>.</param>
/// <param name="Subject">The gateway or port; empty where it is about none.</param>
/// <param name="Arguments">What it was called with, shortened.</param>
/// <param name="Epoch">The caller's epoch; 0 for calls that carry none.</param>
/// <param name="OperationId">For whom; empty for a look.</param>
/// <param name="StepId">Which step of it.</param>
/// <param name="Answer">The answer as the caller got it.</param>
/// <param name="Changed">Whether the world changed by it, whatever the caller was told.</param>
/// <param name="Attempt">Which attempt of the step.</param>
internal sealed record LabCall(DateTimeOffset At, string Name, string Subject, string Arguments, long Epoch, string OperationId, string StepId, string Answer, bool Changed, int Attempt = 1)
{
    public override string ToString() =>
        $"{Name}{(Subject.Length > 0 ? " " + Subject : "")}{(Arguments.Length > 0 ? " " + Arguments : "")} epoch {Epoch.ToString(CultureInfo.InvariantCulture)} {OperationId}";

    /// <summary>All of it, in one line.</summary>
    public string ToLine() => $"{At.UtcDateTime.ToString("o", CultureInfo.InvariantCulture)} {ToString()} {StepId} -> {Answer}{(Changed ? " *" : "")}";
}

/// <summary>Every call to the lab, in order, the newest 100,000.</summary>
internal sealed class LabCallLog
{
    private const int Most = 100_000;

    private readonly List<LabCall> _calls = [];

    public IReadOnlyList<LabCall> Calls => _calls;

    /// <summary>Calls that changed gateways or topology; claims, which come and go with every run, are not among them.</summary>
    public IReadOnlyList<string> Writes => [.. _calls.Where(c => c.Changed && !c.Name.StartsWith("claim.", StringComparison.Ordinal)).Select(c => c.ToString())];

    public void Add(LabCall call)
    {
        if (_calls.Count == Most) _calls.RemoveRange(0, Most / 10);
        _calls.Add(call);
    }
}

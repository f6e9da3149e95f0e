using Maestro.Engine.Hosting;
using Maestro.Simulation.Controllers;
using Maestro.Simulation.Histories;

namespace Maestro.Simulation.Faults;

/// <summary>Where a controller stands when something happens to it.</summary>
/// <param name="Process">Whose call it is.</param>
/// <param name="OperationId">For which operation; empty for none.</param>
/// <param name="Call">Such as <c>commit</c> or <c>store append StepStarting</c>.</param>
/// <param name="Gateway">The gateway that is called; empty for none.</param>
internal sealed record Place(ControllerProcess Process, string OperationId, string Call, string Gateway = "");

/// <summary>A fault that waits for its call.</summary>
internal sealed class ArmedFault(FaultKind kind, SeededRandom random)
{
    public FaultKind Kind { get; } = kind;

    /// <summary>For what the fault has to choose.</summary>
    public SeededRandom Random { get; } = random;

    /// <summary>Calls that it lets pass first, so that death finds every place.</summary>
    public int LetPass { get; set; } = random.Next(12);
}

/// <summary>Faults that wait for a call which they can befall, and the count of what they befell.</summary>
internal sealed class ArmedFaults(History history)
{
    private readonly List<ArmedFault> _armed = [];

    public void Arm(FaultKind kind, SeededRandom random) => _armed.Add(new ArmedFault(kind, random));

    public void Clear() => _armed.Clear();

    public ArmedFault? Take(Place place, FaultKind kind)
    {
        if (_armed.Count == 0) return null;
        var index = _armed.FindIndex(f => f.Kind == kind);
        return index < 0 ? null : TakeAt(index, place);
    }

    public ArmedFault? TakeAny(Place place, FaultKind[] kinds)
    {
        if (_armed.Count == 0) return null;
        var index = _armed.FindIndex(f => kinds.Contains(f.Kind));
        return index < 0 ? null : TakeAt(index, place);
    }

    public void Note(Place place, FaultKind kind)
    {
        history.Steered?.Disturb();
        history.Coverage.Add(history.Witness.RowOf(place.OperationId), kind);
        history.Trace.Add($"fault {kind} at {place.Process.Name} {place.Call}{(place.Gateway.Length > 0 ? " " + place.Gateway : "")} {place.OperationId}");
    }

    private static bool IsPulse(string call) => call is "store requests" or "store renew" or "renew claim";

    private ArmedFault? TakeAt(int index, Place place)
    {
        var fault = _armed[index];
        // What repeats each second would have nearly all of them.
        if (IsPulse(place.Call) && fault.Random.Next(8) > 0) return null;
        if (fault.LetPass-- > 0) return null;
        _armed.RemoveAt(index);
        Note(place, fault.Kind);
        return fault;
    }
}

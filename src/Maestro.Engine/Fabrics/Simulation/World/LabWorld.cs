using System.Globalization;
using Maestro.Engine.Hosting;

namespace Maestro.Engine.Fabrics.Simulation.World;

/// <summary>
/// The lab's gateways and orchestrators. Behaves like the sheets of domain facts say: edits are pending until one apply of all of them; a
/// gateway that was assigned joins, boots, fetches the group's policy and becomes active by itself. Entered from the scheduler's thread only.
/// </summary>
internal sealed class LabWorld
{
    private static readonly TimeSpan KeepTimeEvery = TimeSpan.FromMinutes(1);

    private readonly TimeProvider _time;
    private readonly Action<LabState>? _save;
    private readonly SeededRandom _root;

    /// <param name="state">As built or as loaded.</param>
    /// <param name="time">The virtual clock.</param>
    /// <param name="save">Keeps the state; null for a world that dies with its process.</param>
    public LabWorld(LabState state, TimeProvider time, Action<LabState>? save = null)
    {
        State = state;
        _time = time;
        _save = save;
        _root = new SeededRandom((ulong)(uint)state.Seed);
        state.Opened++;
        Life = new LabLife(this);
        Incidents = new LabIncidents(this);
    }

    public LabState State { get; }

    /// <summary>How gateways come and go.</summary>
    public LabLife Life { get; }

    /// <summary>What goes wrong with calls.</summary>
    public LabFaults Faults { get; } = new();

    /// <summary>What happens to gateways.</summary>
    public LabIncidents Incidents { get; }

    /// <summary>Every call that was made, in order: for tests that count.</summary>
    public LabCallLog Log { get; } = new();

    /// <summary>Every call that changed something, in order.</summary>
    public IReadOnlyList<string> Writes => Log.Writes;

    public TimeProvider Time => _time;

    public DateTimeOffset Now => _time.GetUtcNow();

    /// <summary>Grows with every change, so that who has seen this one need not look again.</summary>
    public long Version { get; private set; }

    /// <summary>Keeps the world, where a folder was given for that. Called before the answer to whatever changed it.</summary>
    public void Keep()
    {
        Version++;
        if (_save is null) return;
        State.Now = Now;
        DropUnusedContents();
        _save(State);
    }

    /// <summary>Keeps how far time has come: at rest exactly, under way at least each minute.</summary>
    public void KeepTime(bool atRest)
    {
        if (atRest ? Now > State.Now : Now - State.Now >= KeepTimeEvery) Keep();
    }

    /// <summary>What every call takes, where that is to be the same for all; null: as the real thing takes.</summary>
    public TimeSpan? RoundTrip { get; init; }

    /// <summary>A duration between two bounds in seconds. Each purpose has a stream of its own, so that a further draw shifts no other.</summary>
    public TimeSpan Draw(string purpose, string subject, int fromSeconds, int toSeconds)
    {
        if (RoundTrip is { } always) return always;
        var stream = purpose + "/" + subject;
        State.Draws.TryGetValue(stream, out var drawn);
        State.Draws[stream] = drawn + 1;
        var random = _root.Stream(stream + "/" + drawn.ToString(CultureInfo.InvariantCulture));
        return TimeSpan.FromMilliseconds((fromSeconds * 1000) + random.Next(((toSeconds - fromSeconds) * 1000) + 1));
    }

    public Task DelayAsync(TimeSpan delay, CancellationToken cancellation) => _time.Delay(delay, cancellation);

    private void DropUnusedContents()
    {
        var used = new HashSet<string>(State.Gateways.SelectMany(g => new[] { g.Policy, g.Configuration }).SelectMany(h => h.Staged.Append(h.Running).Append(h.Confirmed)).Select(g => g?.Fingerprint ?? ""), StringComparer.Ordinal);
        foreach (var unused in State.Contents.Keys.Where(k => !used.Contains(k)).ToList()) State.Contents.Remove(unused);
    }
}

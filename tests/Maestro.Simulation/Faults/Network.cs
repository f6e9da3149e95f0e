using Maestro.Engine.Hosting;
using Maestro.Simulation.Histories;

namespace Maestro.Simulation.Faults;

/// <summary>What lies between the controllers and the gateways and orchestrators for a while: one-way partitions, bursts of loss, calls that are overtaken.</summary>
internal sealed class Network(History history)
{
    /// <summary>Stands for the orchestrators where a gateway is named.</summary>
    public const string Orchestrators = "";

    private readonly List<Cut> _cuts = [];
    private readonly List<Burst> _bursts = [];
    private readonly List<Held> _held = [];
    private readonly List<(string Controller, DateTimeOffset Until)> _expired = [];
    private readonly List<(FaultKind Kind, string Controller, TimeSpan Time)> _awaited = [];

    /// <summary>Requests of a controller do not arrive at those gateways, or their answers do not.</summary>
    public void Split(FaultKind kind, string controller, IReadOnlyCollection<string> gateways, TimeSpan time) => _cuts.Add(new Cut(kind, controller, gateways, history.Now + time));

    /// <summary>The same, from the moment when the controller next sends the orchestrators a change: without them no operation begins, so that otherwise a short one never has its answer cut off.</summary>
    public void SplitAtNextChange(FaultKind kind, string controller, TimeSpan time) => _awaited.Add((kind, controller, time));

    /// <summary>A controller sends the orchestrators a change.</summary>
    public void Changes(string controller)
    {
        if (_awaited.Count == 0) return;
        foreach (var (kind, _, time) in _awaited.Where(a => a.Controller == controller)) Split(kind, controller, [Orchestrators], time);
        _awaited.RemoveAll(a => a.Controller == controller);
    }

    public void BeginBurst(string controller, SeededRandom random, TimeSpan time) => _bursts.Add(new Burst(controller, new GilbertElliott(random), history.Now + time));

    /// <summary>The orchestrators do not know a controller's session any more, until it has a new one.</summary>
    public void Expire(string controller, TimeSpan time) => _expired.Add((controller, history.Now + time));

    public bool IsExpired(string controller)
    {
        if (_expired.Count == 0) return false;
        _expired.RemoveAll(e => e.Until <= history.Now);
        return _expired.Any(e => e.Controller == controller);
    }

    /// <summary>What a request to a gateway, or to the <see cref="Orchestrators"/>, is lost by; null when it arrives.</summary>
    public FaultKind? LosesRequest(string controller, string gateway) => Loses(FaultKind.RequestsDoNotArrive, controller, gateway);

    /// <summary>The same for its answer.</summary>
    public FaultKind? LosesAnswer(string controller, string gateway) => Loses(FaultKind.AnswersDoNotArrive, controller, gateway);

    /// <summary>Waits until another call of the same controller has been answered, or until the deadline.</summary>
    public Task UntilOvertakenAsync(string controller, DateTimeOffset deadline)
    {
        var left = deadline - history.Now;
        if (left <= TimeSpan.Zero) return Task.CompletedTask;
        var held = new Held(controller, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        _held.Add(held);
        history.Scheduler.Clock.CreateTimer(_ => Let(held), null, left, Timeout.InfiniteTimeSpan);
        return held.Passed.Task;
    }

    /// <summary>A call of that controller has been done: those that it overtook may follow.</summary>
    public void Passed(string controller)
    {
        for (var i = _held.Count - 1; i >= 0; i--)
        {
            if (_held[i].Controller == controller) Let(_held[i]);
        }
    }

    public void Clear()
    {
        _cuts.Clear();
        _bursts.Clear();
        _expired.Clear();
        _awaited.Clear();
    }

    private void Let(Held held)
    {
        if (_held.Remove(held)) held.Passed.TrySetResult();
    }

    private FaultKind? Loses(FaultKind way, string controller, string gateway)
    {
        if (_cuts.Count > 0)
        {
            _cuts.RemoveAll(c => c.Until <= history.Now);
            if (_cuts.Any(c => c.Kind == way && c.Controller == controller && c.Gateways.Contains(gateway))) return way;
        }

        if (_bursts.Count == 0) return null;
        _bursts.RemoveAll(b => b.Until <= history.Now);
        return _bursts.Find(b => b.Controller == controller) is { } burst && burst.Channel.LosesNext() ? FaultKind.BurstyLoss : null;
    }

    private sealed record Cut(FaultKind Kind, string Controller, IReadOnlyCollection<string> Gateways, DateTimeOffset Until);

    private sealed record Burst(string Controller, GilbertElliott Channel, DateTimeOffset Until);

    private sealed record Held(string Controller, TaskCompletionSource Passed);
}

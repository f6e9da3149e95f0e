using Maestro.Engine.Fabrics.Simulation;
using Maestro.Engine.Fabrics.Simulation.Time;
using Maestro.Engine.Fabrics.Simulation.World;
using Maestro.Engine.Hosting;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Operations;
using Maestro.Simulation.Controllers;
using Maestro.Simulation.Coverage;
using Maestro.Simulation.Faults;
using Maestro.Simulation.Invariants;
using Maestro.Simulation.Scenarios;
using Maestro.Simulation.Steering;
using Maestro.Simulation.Traffic;
using Maestro.Simulation.Workload;
using Maestro.Simulation.Worlds;

namespace Maestro.Simulation.Histories;

/// <summary>What came of a history.</summary>
internal sealed record HistoryResult
{
    public required Scenario Scenario { get; init; }

    /// <summary>Empty when all invariants held.</summary>
    public string Invariant { get; init; } = "";

    public string Failure { get; init; } = "";

    public IReadOnlyList<string> Last { get; init; } = [];

    public required string TraceHash { get; init; }

    public required long Events { get; init; }

    /// <summary>How many of the events were connections that came, were copied or ended.</summary>
    public required long TrafficEvents { get; init; }

    /// <summary>Steps and ways back that the engine began.</summary>
    public required long Steps { get; init; }

    /// <summary>Each invariant after each event: where nothing had changed since the last one, by seeing just that.</summary>
    public required long Checks { get; init; }

    /// <summary>Those of them that had a change to look at.</summary>
    public required long Judgements { get; init; }

    public required TrafficCounts Traffic { get; init; }

    /// <summary>Of steered worlds.</summary>
    public required ConversationCounts Conversations { get; init; }

    public required long StoreCalls { get; init; }

    public required long FabricCalls { get; init; }

    public required TimeSpan VirtualTime { get; init; }

    public required CoverageTable Coverage { get; init; }

    public bool Holds => Invariant.Length == 0;
}

/// <summary>One history: a world, controllers, people, and all that happens to them, on one thread under virtual time.</summary>
internal sealed class History : IDisposable
{
    /// <summary>How long everything may take to settle once faults have stopped.</summary>
    public static readonly TimeSpan Bound = TimeSpan.FromHours(2);

    /// <summary>As long as an answer may be under way.</summary>
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(6);

    private readonly Nature _nature;
    private readonly Operators _operators;
    private DateTimeOffset _restartsUntil;
    private readonly Invariant[] _watching;
    private InvariantBrokenException? _broken;
    private bool _isOver;
    private long _seenVersion = -1;
    private long _judgements;

    public History(Scenario scenario, TextWriter? trace = null)
    {
        Scenario = scenario;
        Scheduler = new DeterministicScheduler(VirtualTimeProvider.Epoch, ownThread: false);
        World = new LabWorld(WorldBuilder.Build(scenario.Seed, scenario.Shape), Scheduler.Clock);
        Fabric = new SimulationFabric(World, "simulation");
        Trace = new Trace(() => Now - VirtualTimeProvider.Epoch, trace);
        Witness = new Witness(this);
        Faults = new ArmedFaults(this);
        Network = new Network(this);
        Probes = new ProbeFaults(this);
        if (scenario.Shape.Watches is not null) (Steered, Watches) = (new SteeredWorld(this), new Watches(this));
        Traffic = new Connections(World.State, Scheduler.Clock, new SeededRandom((ulong)(uint)scenario.Seed).Stream("traffic"), Trace.Add, loss => Tell(i => i.OnLoss(loss)));
        Scheduler.Beside = Steered is null ? Traffic : Steered;
        Invariants = AllInvariants.Of(this);
        _watching = [.. Invariants.Where(i => i.WatchesWorld)];
        Machines = [.. Enumerable.Range(1, scenario.Shape.Machines).Select(n => new Machine(n, Scheduler.Clock, scenario.Shape.Disk, new SeededRandom((ulong)(uint)scenario.Seed).Stream("dice/" + n)))];
        Controllers = [.. Enumerable.Range(0, scenario.Shape.Controllers).Select(n => new Controller(this, Machines[n % Machines.Count], n + 1))];
        _nature = new Nature(this);
        _operators = new Operators(this);
    }

    public Scenario Scenario { get; }

    public DeterministicScheduler Scheduler { get; }

    public LabWorld World { get; }

    public SimulationFabric Fabric { get; }

    public Trace Trace { get; }

    public Witness Witness { get; }

    public ArmedFaults Faults { get; }

    public Network Network { get; }

    public ProbeFaults Probes { get; }

    /// <summary>What controllers steer; null where orchestrators distribute by themselves.</summary>
    public SteeredWorld? Steered { get; }

    public Watches? Watches { get; }

    public Connections Traffic { get; }

    public CoverageTable Coverage { get; } = new();

    public IReadOnlyList<Invariant> Invariants { get; }

    public IReadOnlyList<Machine> Machines { get; }

    public IReadOnlyList<Controller> Controllers { get; }

    public DateTimeOffset Now => Scheduler.Clock.GetUtcNow();

    public bool OrchestratorsRestart => Now < _restartsUntil;

    /// <summary>Whether, a moment ago at most, the world changed by another's hand or by itself, so that what was seen need not be so any more.</summary>
    public bool SomethingElseHappened => Now - LastIncident <= Moment;

    public DateTimeOffset LastIncident { get; set; }

    /// <summary>Counts a fault for each operation under way that it befalls.</summary>
    public void Befell(FaultKind fault, Func<OperationFacts, bool> which)
    {
        foreach (var operation in Witness.Operations.Where(o => o.State == OperationState.Running && which(o))) Coverage.Add(operation.Row, fault);
    }

    /// <summary>When a hand last changed an item of a gateway's configuration.</summary>
    public Dictionary<string, DateTimeOffset> DriftedAt { get; } = new(StringComparer.Ordinal);

    public long StoreCalls { get; set; }

    public long FabricCalls { get; set; }

    /// <summary>For tests: told after each event.</summary>
    public Action? OnEvent { get; set; }

    public static HistoryResult Run(Scenario scenario, TextWriter? trace = null)
    {
        using var history = new History(scenario, trace);
        return history.Run();
    }

    public Task DelayAsync(TimeSpan time) => Scheduler.Clock.Delay(time, CancellationToken.None);

    public void Kill(ControllerProcess process, ArmedFault fault, string where)
    {
        Coverage.Died(where);
        Controllers.First(c => c.Process == process || c.Name == process.Name).Kill(where, TimeSpan.FromSeconds(1 + fault.Random.Next(90)));
    }

    public void Pause(ControllerProcess process, ArmedFault fault, string where)
    {
        var time = TimeSpan.FromSeconds(20 + fault.Random.Next(100));
        Trace.Add($"{process.Name} stands still for {time.TotalSeconds} s at {where}");
        process.Pause(time);
    }

    /// <summary>The machine's power is gone: its controllers die, and start anew on what its disk kept.</summary>
    public void LosePower(Machine machine, TimeSpan back)
    {
        foreach (var controller in Controllers.Where(c => c.Machine == machine)) controller.Kill("with its machine", back);
        try
        {
            machine.Reboot();
            Tell(i => i.OnReopened(machine));
            Witness.Reread(machine);
        }
        catch (MaestroException noticed) when (noticed.Code == ErrorCatalogue.StoreDamaged)
        {
            if (!machine.HasLyingDisk) Break(new InvariantBrokenException("I6 nothing acknowledged is lost", $"an honest disk lost its power, and the store says: {noticed.Code.Id}"));
            // A person has to decide now, with another store; this history has shown what it can.
            Trace.Add("the loss is noticed");
            _isOver = true;
        }
    }

    /// <summary>Reports what an invariant cannot see by itself.</summary>
    public void Break(InvariantBrokenException broken) => _broken ??= broken;

    /// <summary>Lets the invariants judge. What they find is the history's end, and nothing that the engine may see.</summary>
    public void Tell(Action<Invariant> what)
    {
        try
        {
            foreach (var invariant in Invariants) what(invariant);
            _judgements += Invariants.Count;
        }
        catch (InvariantBrokenException broken)
        {
            Break(broken);
        }
    }

    public void RestartOrchestrators(TimeSpan time) => _restartsUntil = Now + time;

    public void Dispose()
    {
        Scheduler.Dispose();
        Trace.Dispose();
        foreach (var machine in Machines) machine.Dispose();
    }

    public HistoryResult Run()
    {
        long events = 0;
        string invariant = "", failure = "";
        try
        {
            var all = Scheduler.RunAsync(LiveAsync);
            while (!_isOver && !all.IsCompleted && Scheduler.RunOne())
            {
                events++;
                AfterEvent();
                OnEvent?.Invoke();
            }

            if (_isOver) return Result(events, "", "");
            if (_broken is not null) throw _broken;

            // What a person would wait for for ever is a failure too.
            if (!all.IsCompleted) throw new InvariantBrokenException("Liveness", "nothing is under way any more, and the history has not ended");
            all.GetAwaiter().GetResult();
            foreach (var one in Invariants) one.AtEnd();
        }
        catch (InvariantBrokenException broken)
        {
            (invariant, failure) = (broken.Invariant, broken.Message);
        }

        return Result(events, invariant, failure);
    }

    private HistoryResult Result(long events, string invariant, string failure)
    {
        if (Steered is { Counts: var counts }) Trace.Add(FormattableString.Invariant($"conversations: {counts.Began} began, {counts.Ended} ended, {counts.Lost} were lost, {counts.Refused} found nobody; {counts.Gaps} gaps, the longest {counts.LongestGap.TotalSeconds} s"));
        Trace.Add(FormattableString.Invariant($"traffic: {Traffic.Counts.Arrived} connections came, {Traffic.Counts.Synced} were copied, {Traffic.Counts.Ended} ended, {Traffic.Counts.Lost} were lost, {Traffic.Living} live; {Traffic.Fingerprint:x16}"));
        return new HistoryResult
        {
            Scenario = Scenario,
            Invariant = invariant,
            Failure = failure,
            Last = [.. Trace.Last],
            TraceHash = Trace.Hash(),
            Events = events,
            TrafficEvents = Traffic.Events,
            Steps = Witness.Steps,
            Checks = events * Invariants.Count,
            Judgements = _judgements,
            Traffic = Traffic.Counts,
            Conversations = Steered?.Counts ?? new ConversationCounts(),
            StoreCalls = StoreCalls,
            FabricCalls = FabricCalls,
            VirtualTime = Now - VirtualTimeProvider.Epoch,
            Coverage = Coverage,
        };
    }

    private void AfterEvent()
    {
        if (_broken is not null) throw _broken;
        World.Life.Settle();
        Witness.ReadLog();
        // What an invariant reads of the world has not changed before the world has: the other twelve are told of all that they read.
        if (World.Version == _seenVersion) return;
        _seenVersion = World.Version;
        if (Steered is null) Traffic.Observe(Witness.ActedOn, Witness.Applied);
        foreach (var invariant in _watching) invariant.AfterEvent();
        _judgements += Invariants.Count;
    }

    private async Task<bool> LiveAsync()
    {
        var began = Now;
        foreach (var entry in Scenario.Entries)
        {
            var wait = began + entry.At - Now;
            if (wait > TimeSpan.Zero) await DelayAsync(wait);
            if (entry.Kind == EntryKind.Fault) _nature.Begin(entry);
            else _operators.Begin(entry);
        }

        if (began + Scenario.Length - Now is var left && left > TimeSpan.Zero) await DelayAsync(left);
        Trace.Add("faults stop");
        Faults.Clear();
        Network.Clear();
        Probes.Clear();
        _nature.Calm();
        _restartsUntil = default;
        await _operators.SettleAllAsync(_nature.CalmPending);
        if (Steered is not null) await _operators.TidyAsync(_nature.CalmPending);
        Trace.Add("all is settled");
        return true;
    }
}

using System.Diagnostics;
using Maestro.Simulation.Coverage;
using Maestro.Simulation.Histories;
using Maestro.Simulation.Scenarios;
using Maestro.Simulation.Steering;
using Maestro.Simulation.Traffic;

namespace Maestro.Simulation;

/// <summary>Runs seeds side by side, each on one thread, and adds up.</summary>
/// <param name="options">Which seeds, how long, on how many threads.</param>
/// <param name="make">Makes the scenario of a seed; the swarm's when null.</param>
internal sealed class SeedRun(SimulationOptions options, Func<int, Scenario>? make = null)
{
    private const int MemorySamples = 5;

    private readonly Func<int, Scenario> _make = make ?? (seed => ScenarioMaker.Make(seed, options.Length, options.Focus));
    private readonly Lock _gate = new();
    private int _next = options.First;

    public CoverageTable Coverage { get; } = new();

    public List<HistoryResult> Failures { get; } = [];

    public int Histories { get; private set; }

    public long Events { get; private set; }

    public long Checks { get; private set; }

    public long TrafficEvents { get; private set; }

    public long Steps { get; private set; }

    /// <summary>Checks that had a change to look at.</summary>
    public long Judgements { get; private set; }

    public TrafficCounts Traffic { get; } = new();

    public ConversationCounts Conversations { get; } = new();

    public long StoreCalls { get; private set; }

    public long FabricCalls { get; private set; }

    public TimeSpan VirtualTime { get; private set; }

    /// <summary>Processor time that it took, over all cores.</summary>
    public TimeSpan Work { get; private set; }

    /// <summary>What was in use after so many histories, collected first: objects, and all that the process holds. With several threads other histories were under way.</summary>
    public List<(int Histories, long ObjectBytes, long ProcessBytes)> Memory { get; } = [];

    /// <param name="done">Called for each history, one at a time.</param>
    /// <param name="stopAt">How many failures end the run.</param>
    public void Run(Action<HistoryResult> done, int stopAt = 5)
    {
        var clock = Stopwatch.StartNew();
        var threads = Enumerable.Range(0, Math.Max(1, options.Threads)).Select(_ => new Thread(Work_) { IsBackground = true }).ToList();
        var before = Environment.CpuUsage.TotalTime;
        foreach (var thread in threads) thread.Start();
        foreach (var thread in threads) thread.Join();
        Work += Environment.CpuUsage.TotalTime - before;

        void Work_()
        {
            while (true)
            {
                int seed;
                lock (_gate)
                {
                    if (_next - options.First >= options.Seeds || Failures.Count >= stopAt || clock.Elapsed.TotalMinutes > options.Minutes) return;
                    seed = _next++;
                }

                var result = History.Run(_make(seed));
                lock (_gate)
                {
                    Add(result);
                    done(result);
                }
            }
        }
    }

    private void Add(HistoryResult result)
    {
        Histories++;
        Events += result.Events;
        Checks += result.Checks;
        TrafficEvents += result.TrafficEvents;
        Steps += result.Steps;
        Judgements += result.Judgements;
        Traffic.Add(result.Traffic);
        Conversations.Add(result.Conversations);
        StoreCalls += result.StoreCalls;
        FabricCalls += result.FabricCalls;
        VirtualTime += result.VirtualTime;
        Coverage.Add(result.Coverage);
        if (!result.Holds) Failures.Add(result);
        // From the second on, for the first one loads all code.
        if (Histories == 2 || Histories % Math.Max(2, options.Seeds / MemorySamples) == 0) Memory.Add((Histories, GC.GetTotalMemory(forceFullCollection: true), Environment.WorkingSet));
    }
}

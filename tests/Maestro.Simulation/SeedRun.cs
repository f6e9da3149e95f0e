using System.Diagnostics;
using Maestro.Simulation.Coverage;
using Maestro.Simulation.Histories;
using Maestro.Simulation.Scenarios;
using Maestro.Simulation.Traffic;

namespace Maestro.Simulation;

/// <summary>Runs seeds side by side, each on one thread, and adds up.</summary>
internal sealed class SeedRun(SimulationOptions options)
{
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

    public long StoreCalls { get; private set; }

    public long FabricCalls { get; private set; }

    public TimeSpan VirtualTime { get; private set; }

    /// <summary>Processor time that it took, over all cores.</summary>
    public TimeSpan Work { get; private set; }

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
                    if (_next >= options.First + options.Seeds || Failures.Count >= stopAt || clock.Elapsed.TotalMinutes > options.Minutes) return;
                    seed = _next++;
                }

                var result = History.Run(ScenarioMaker.Make(seed, options.Length, options.Focus));
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
        StoreCalls += result.StoreCalls;
        FabricCalls += result.FabricCalls;
        VirtualTime += result.VirtualTime;
        Coverage.Add(result.Coverage);
        if (!result.Holds) Failures.Add(result);
    }
}

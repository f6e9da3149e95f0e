using System.Diagnostics;
using System.Globalization;
using Maestro.Engine.Fabrics;
using Maestro.Engine.Fabrics.Simulation;
using Maestro.Engine.Fabrics.Simulation.Time;
using Maestro.Engine.Fabrics.Simulation.World;
using Maestro.Engine.Hosting;
using Maestro.Engine.Model.Groups;
using Maestro.Engine.Store;
using Maestro.Engine.Synchronisation.Policy;

namespace Maestro.Bench;

/// <summary>
/// What the engine itself costs: a sync of 64 KiB to many simulated members that each answer after 20 ms, with a store on this disk. The members' time is
/// virtual and passes while the engine has nothing to do, the engine's is real; together they are what a fleet of that size would at least take.
/// </summary>
internal static class SimulatedSyncBenchmark
{
    private static readonly TimeSpan RoundTrip = TimeSpan.FromMilliseconds(20);

    public const string Header = "| simulated members | members' time | engine's time | together | steps | memory after | of it a member |\n|---:|---:|---:|---:|---:|---:|---:|";

    public static async Task<string> RunAsync(int members)
    {
        var folder = Directory.CreateTempSubdirectory("maestro-bench-").FullName;
        try
        {
            using var scheduler = new DeterministicScheduler(VirtualTimeProvider.Epoch);
            var world = new LabWorld(Build(members), scheduler.Clock) { RoundTrip = RoundTrip };
            var identity = new SystemHostIdentity();
            await using var host = new EngineHost(new EngineParts
            {
                Fabric = new SimulationFabric(world, "bench"),
                Store = SqliteStore.Open(new SqliteStoreOptions { Path = Path.Combine(folder, "store.db"), Time = scheduler.Clock, Identity = identity, Inline = true, BehindReady = scheduler.RunBehindReady }),
                Identity = identity,
                Scheduler = scheduler,
                Random = new SeededRandom(1),
                Session = "bench",
            });
            // Warm: the first one is not counted.
            await SyncAsync(host, 0);
            var times = new List<(TimeSpan Virtual, TimeSpan Real, int Entries)>();
            for (var run = 1; run <= 5; run++)
            {
                var before = world.Now;
                var began = Stopwatch.GetTimestamp();
                var entries = await SyncAsync(host, run);
                times.Add((world.Now - before, Stopwatch.GetElapsedTime(began), entries));
            }

            var (members_, engine, count) = times.OrderBy(t => t.Real).ElementAt(times.Count / 2);
            var memory = GC.GetTotalMemory(forceFullCollection: true);
            return string.Format(
                CultureInfo.InvariantCulture,
                "| {0} | {1:0.00} s | {2:0.00} s | {3:0.00} s | {4} | {5:0.0} MiB | {6:0.0} KiB |",
                members, members_.TotalSeconds, engine.TotalSeconds, (members_ + engine).TotalSeconds, count, memory / 1048576.0, memory / 1024.0 / members);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<int> SyncAsync(EngineHost host, int run)
    {
        // Half of the content is new each time.
        var content = "# " + run.ToString(CultureInfo.InvariantCulture) + "\n" + new string((char)('a' + run), 32 * 1024) + new string('x', 32 * 1024) + "\n";
        var document = new PolicyDocument { Content = content, Fingerprint = Fingerprint.Of(content), Source = "bench" };
        var handle = await host.StartAsync(new SyncPolicyChange { Group = "dmz", Document = document }, new Engine.Operations.Running.RunOptions());
        var result = await handle.Completion;
        if (result.Failure is not null) throw result.Failure;
        return result.Operation!.Step.Count;
    }

    private static LabState Build(int members)
    {
        var state = LabBuilder.Build(1, VirtualTimeProvider.Epoch);
        state.Gateways.Clear();
        state.Groups.Add(new LabGroup { Id = 1, Name = "dmz" });
        for (var i = 0; i < members; i++)
        {
            state.Gateways.Add(new LabGateway
            {
                Id = "gw" + i.ToString("0000", CultureInfo.InvariantCulture),
                Site = 1,
                Model = "Quantum 9100",
                Version = "R82 T25",
                Cores = 8,
                Group = "dmz",
                Member = new MemberId(1, i + 1).ToString(),
                State = MemberState.Active,
                Since = state.Now,
            });
        }

        return state;
    }
}

using Maestro.Engine.Hosting;
using Maestro.Engine.Store;
using Maestro.Engine.Tests.Victims;
using Maestro.Fabrics.Contract.Store;

namespace Maestro.Engine.Tests.Store;

/// <summary>Real processes on one file: killed in the middle of writing, or racing.</summary>
public sealed class StoreProcessTests : IDisposable
{
    private const int Kills = 12;
    private const int Racers = 4;
    private const int Rounds = 25;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_a_killed_process_was_acknowledged_is_there_and_its_lease_is_taken_over_at_once()
    {
        var random = new SeededRandom(20260301);
        for (var kill = 0; kill < Kills; kill++)
        {
            var operation = "op-" + kill;
            var acknowledged = new List<string>();
            using (var victim = VictimProcess.Start("append", _folder.File(), operation, "6"))
            {
                Assert.Equal(kill == 0 ? "taken over: " : $"taken over: op-{kill - 1}", await victim.ExpectLineAsync());
                var until = random.Next(400);
                while (acknowledged.Count < until) acknowledged.Add(await victim.ExpectLineAsync());
                await victim.KillAsync();
                while (await victim.ReadLineAsync() is { } line) acknowledged.Add(line);
            }

            await using var store = Open();
            var kept = (await store.ReadJournalAsync(operation)).Select(e => e.Reason).ToHashSet(StringComparer.Ordinal);
            Assert.DoesNotContain(acknowledged, line => !kept.Contains(line));
        }
    }

    [Fact]
    public async Task Of_several_processes_that_race_for_a_lease_exactly_one_wins_every_time()
    {
        var racers = Enumerable.Range(0, Racers).Select(i => VictimProcess.Start("lease", _folder.File(), "op-" + i)).ToList();
        try
        {
            foreach (var racer in racers) Assert.Equal("ready", await racer.ExpectLineAsync());
            for (var round = 0; round < Rounds; round++)
            {
                await Task.WhenAll(racers.Select(r => r.WriteLineAsync("change:" + round)));
                var answers = await Task.WhenAll(racers.Select(r => r.ExpectLineAsync()));
                Assert.Single(answers, "granted");
                Assert.Equal(Racers - 1, answers.Count(a => a == "held"));
            }
        }
        finally
        {
            foreach (var racer in racers) racer.Dispose();
        }
    }

    private SqliteStore Open() => SqliteStore.Open(new SqliteStoreOptions { Path = _folder.File(), Time = new ManualTime(), Identity = new TestIdentity() });
}

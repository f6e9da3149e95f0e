using Maestro.Engine.Hosting;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Operations.Journal;
using Maestro.Engine.Operations.Leases;
using Maestro.Engine.Store;
using Maestro.Simulation.Disk;
using Maestro.Fabrics.Contract.Store;

namespace Maestro.Engine.Tests.Store;

/// <summary>The power fails at any write. On a disk that keeps what it said it synced nothing acknowledged is lost; on one that lies the loss is noticed.</summary>
public sealed class PowerFailureTests : IDisposable
{
    private const int Rounds = 250;
    private const int Instants = 60;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>What the store had said "done" to when the lights went out.</summary>
    private sealed class Acknowledged
    {
        public List<string> Entries { get; } = [];

        public List<int> Versions { get; } = [];

        public long Epoch { get; set; }
    }

    [Fact]
    public async Task On_an_honest_disk_all_that_was_acknowledged_survives_and_no_false_alarm_is_raised()
    {
        var writes = await CountWritesAsync(lies: false);
        foreach (var (instant, dice) in InstantsOf(writes))
        {
            var (disk, acknowledged) = await RunUntilAsync(instant, lies: false);
            using var vfs = new SimulatedVfs(disk.AfterPowerFailure(dice));
            Assert.True((await LostAsync(vfs, acknowledged)).Length == 0, $"lost with the power failing at write {instant}");
        }
    }

    [Fact]
    public async Task On_a_disk_that_lies_a_loss_is_noticed()
    {
        var writes = await CountWritesAsync(lies: true);
        var noticed = 0;
        foreach (var (instant, dice) in InstantsOf(writes))
        {
            var (disk, acknowledged) = await RunUntilAsync(instant, lies: true);
            using var vfs = new SimulatedVfs(disk.AfterPowerFailure(dice));
            try
            {
                var lost = await LostAsync(vfs, acknowledged);
                Assert.True(lost.Length == 0, $"the power failed at write {instant}, and nobody noticed that {lost} is lost");
            }
            catch (MaestroException fault) when (fault.Code == ErrorCatalogue.StoreDamaged)
            {
                noticed++;
            }
        }

        // Else the disk did not lie, and this test proved nothing.
        Assert.True(noticed > Instants / 2, $"only {noticed} of {Instants} were noticed");
    }

    private static IEnumerable<(long Instant, SeededRandom Dice)> InstantsOf(long writes)
    {
        var random = new SeededRandom(1);
        for (var i = 0; i < Instants; i++) yield return (random.Next((int)writes), random.Stream("dice/" + i));
    }

    private async Task<long> CountWritesAsync(bool lies) => (await RunUntilAsync(null, lies)).Disk.Writes;

    /// <summary>Works until the power fails, or to the end.</summary>
    private async Task<(SimulatedDisk Disk, Acknowledged Acknowledged)> RunUntilAsync(long? instant, bool lies)
    {
        File.Delete(JournalAnchor.PathOf(_folder.File()));
        var disk = new SimulatedDisk { PowerFailsAt = instant, Lies = lies };
        var acknowledged = new Acknowledged();
        using var vfs = new SimulatedVfs(disk);
        try
        {
            await using var store = Open(vfs);
            await WorkAsync(store, acknowledged);
        }
        catch (MaestroException fault) when (disk.IsDark && fault.Code == ErrorCatalogue.StoreUnavailable)
        {
            // The lights went out.
        }

        return (disk, acknowledged);
    }

    // Enough to fill the log and have it written back several times.
    private static async Task WorkAsync(IStore store, Acknowledged acknowledged)
    {
        var token = await StoreSamples.BeginAsync(store, "op-1");
        acknowledged.Epoch = token.Epoch;
        for (var i = 1; i <= Rounds; i++)
        {
            await store.AppendAsync(token, [StoreSamples.Entry("op-1", "entry " + i, JournalEntryKind.StepStarting)]);
            acknowledged.Entries.Add("entry " + i);
            if (i % 10 != 0) continue;
            await StoreSamples.RecordAsync(store, token, i, Content(i));
            acknowledged.Versions.Add(i);
            var other = await store.AcquireLeasesAsync(new LeaseRequest { OperationId = "op-2", Owner = TestIdentity.Process(2), Resources = ["topology"] });
            acknowledged.Epoch = other.Token!.Epoch;
            await store.ReleaseLeasesAsync(other.Token);
        }
    }

    /// <summary>What of the acknowledged is not there any more; empty when nothing.</summary>
    private async Task<string> LostAsync(SimulatedVfs vfs, Acknowledged acknowledged)
    {
        await using var store = Open(vfs);
        var entries = (await store.ReadJournalAsync("op-1")).Select(e => e.Reason).ToHashSet(StringComparer.Ordinal);
        var lost = acknowledged.Entries.Where(e => !entries.Contains(e)).ToList();
        if (acknowledged.Entries.Count > 0 && (await store.FindOperationsAsync(new OperationQuery { IdPrefix = "op-1" })).Count == 0) lost.Add("the operation");
        var versions = (await store.FindGenerationsAsync(GenerationKind.Policy, "dmz")).Select(g => g.Number).ToHashSet();
        foreach (var version in acknowledged.Versions)
        {
            if (!versions.Contains(version) || await store.ReadContentAsync(Fingerprint.Of(Content(version))) is null) lost.Add("version " + version);
        }

        var next = await store.AcquireLeasesAsync(new LeaseRequest { OperationId = "op-3", Owner = TestIdentity.Process(3), Resources = ["change:lan"] });
        if (next.Token!.Epoch <= acknowledged.Epoch) lost.Add("the epoch");
        return string.Join(", ", lost);
    }

    private static string Content(int version) => $"table inet v{version} {{}}\n" + new string('#', 3000);

    private SqliteStore Open(SimulatedVfs vfs) => SqliteStore.Open(new SqliteStoreOptions
    {
        Path = _folder.File(),
        Time = new ManualTime(),
        Identity = new TestIdentity(),
        Inline = true,
        Vfs = vfs.Name,
    });
}

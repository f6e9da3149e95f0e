using System.Runtime.CompilerServices;
using Maestro.Engine.Model.Operations;
using Maestro.Engine.Operations.Journal;
using Maestro.Engine.Operations.Leases;
using Maestro.Engine.Store;
using Maestro.Fabrics.Contract.Store;

namespace Maestro.Engine.Tests.Store;

/// <summary>
/// A file of every version that was ever written is kept, and this version opens it. With MAESTRO_WRITE_GOLDEN set, the test first writes the current
/// version's file anew: once, when a version is added, and never after its release.
/// </summary>
public sealed class GoldenStoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<int> Versions => [.. Enumerable.Range(1, StoreSchema.Versions.Count)];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task A_file_of_every_version_opens_and_goes_on(int version)
    {
        var golden = Path.Combine(AppContext.BaseDirectory, "Store", "Golden", $"store-{version}.db");
        if (version == StoreSchema.Versions.Count && Environment.GetEnvironmentVariable("MAESTRO_WRITE_GOLDEN") is { Length: > 0 }) golden = await WriteAsync(version);
        File.Copy(golden, _folder.File());
        await using var store = Open(_folder.File());

        var operations = await store.FindOperationsAsync(new OperationQuery());
        Assert.Equal([("op-b", OperationState.Running), ("op-a", OperationState.Unsettled)], operations.Select(o => (o.Id, o.State)));
        Assert.Equal(["1_2"], operations[1].UnsettledMembers);
        Assert.Equal(Enum.GetValues<JournalEntryKind>(), (await store.ReadJournalAsync("op-a")).Select(e => e.Kind));
        Assert.Equal([(2, GenerationState.Staged), (1, GenerationState.Confirmed)], (await store.FindGenerationsAsync(GenerationKind.Policy, "dmz")).Select(g => (g.Number, g.State)));
        Assert.Equal("table inet one {}\n", await store.ReadContentAsync(Fingerprint.Of("table inet one {}\n")));
        Assert.Equal("{\"cores\":4}", await store.ReadDocumentAsync("gateways", "gw-1"));
        Assert.Equal("gw-1 is up", Assert.Single(await store.FindEventsAsync(new EventQuery())).Text);

        var held = Assert.Single(await store.FindLeasesAsync(["change:dmz"]));
        Assert.Equal("op-b", held.OperationId);
        var token = new LeaseToken { OperationId = "op-b", Epoch = operations[0].Epoch, Resources = ["change:dmz"] };
        Assert.Equal(RequestKind.Pause, Assert.Single(await store.TakeRequestsAsync(token)).Kind);
        await store.AppendAsync(token, [StoreSamples.Entry("op-b", "gone on")]);
        var next = await store.AcquireLeasesAsync(new LeaseRequest { OperationId = "op-c", Owner = TestIdentity.Process(1), Resources = ["topology"] });
        Assert.Equal(51, next.Token!.Epoch);
    }

    private static async Task<string> WriteAsync(int version, [CallerFilePath] string here = "")
    {
        var path = Path.Combine(Path.GetDirectoryName(here)!, "Golden", $"store-{version}.db");
        File.Delete(path);
        await using (var store = Open(path))
        {
            var token = await StoreSamples.BeginAsync(store, "op-a");
            await store.AppendAsync(token, [.. Enum.GetValues<JournalEntryKind>()[1..^1].Select(kind => StoreSamples.Entry("op-a", "an entry", kind))]);
            await StoreSamples.RecordAsync(store, token, 1, "table inet one {}\n");
            await StoreSamples.RecordAsync(store, token, 2, "table inet two {}\n");
            await store.SetGenerationStateAsync(token, GenerationKind.Policy, "dmz", 1, GenerationState.Confirmed);
            await store.WriteDocumentAsync(token, "gateways", "gw-1", "{\"cores\":4}");
            await store.SetOperationStateAsync(token, StoreSamples.Entry("op-a", "1_2 is silent", JournalEntryKind.StateChanged), OperationState.Unsettled, "1_2 is silent", ["1_2"], null);
            await store.RaiseEpochAsync(token, 49);
            await store.ReleaseLeasesAsync(token with { Epoch = 49 });
            var next = await StoreSamples.BeginAsync(store, "op-b");
            await store.PostRequestAsync(new OperationRequest { OperationId = "op-b", Kind = RequestKind.Pause, At = default, By = "bert@jump2" });
            await store.AppendEventsAsync(next, [new StoredEvent { At = new ManualTime().GetUtcNow(), Kind = "Up", Member = "1_1", SecurityGroup = "dmz", Text = "gw-1 is up" }]);
        }

        File.Delete(JournalAnchor.PathOf(path));
        return path;
    }

    private static SqliteStore Open(string path) => SqliteStore.Open(new SqliteStoreOptions { Path = path, Time = new ManualTime(), Identity = new TestIdentity() });
}

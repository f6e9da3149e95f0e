using Maestro.Engine.Model.Operations;
using Maestro.Engine.Operations.Journal;
using Maestro.Engine.Operations.Leases;
using Maestro.Engine.Store;

namespace Maestro.Fabrics.Contract.Store;

/// <summary>What a store promises beside the rest when it outlives the process and several open it at once.</summary>
public abstract class PersistentStoreContract : StoreContract
{
    [Fact]
    public async Task All_that_was_acknowledged_is_there_when_it_is_opened_again()
    {
        var token = await BeginAsync("op-1");
        await Store.AppendAsync(token, [Entry("op-1", reason: "kept")]);
        await Store.RecordGenerationAsync(token, Generation(1, "a"), "a");
        await Store.WriteDocumentAsync(token, "c", "k", "{}");
        await Store.PostRequestAsync(new OperationRequest { OperationId = "op-1", Kind = RequestKind.Stop, At = Time.GetUtcNow(), By = "bert" });
        await Store.DisposeAsync();

        var again = await OpenAsync();
        Assert.Equal(OperationState.Running, Assert.Single(await again.FindOperationsAsync(new OperationQuery())).State);
        Assert.Equal(["because", "kept"], (await again.ReadJournalAsync("op-1")).Select(e => e.Reason));
        Assert.Equal(Generation(1, "a"), Assert.Single(await again.FindGenerationsAsync(GenerationKind.Policy, "dmz")));
        Assert.Equal("{}", await again.ReadDocumentAsync("c", "k"));
        Assert.Single(await again.TakeRequestsAsync(token));
    }

    [Fact]
    public async Task Epochs_go_on_where_they_were_when_it_is_opened_again()
    {
        var token = await Store.RaiseEpochAsync(await HoldAsync("op-1", 1, "change:dmz"), 70);
        await Store.ReleaseLeasesAsync(token);
        await Store.DisposeAsync();
        var again = await OpenAsync();
        Assert.Equal(71, (await again.AcquireLeasesAsync(Request("op-2", 2, "change:dmz"))).Token!.Epoch);
    }

    [Fact]
    public async Task A_lease_is_held_against_every_store_on_the_same_data_and_what_one_writes_the_other_reads()
    {
        var token = await BeginAsync("op-1");
        var other = await OpenAsync();
        Assert.Single((await other.AcquireLeasesAsync(Request("op-2", 2, "change:dmz"))).HeldBy);
        await other.PostRequestAsync(new OperationRequest { OperationId = "op-1", Kind = RequestKind.Pause, At = Time.GetUtcNow(), By = "bert" });
        Assert.Single(await Store.TakeRequestsAsync(token));
        Assert.Single(await other.ReadJournalAsync("op-1"));
    }

    [Fact]
    public async Task A_lease_of_before_the_reboot_is_dead_though_the_clock_that_it_expires_by_began_anew()
    {
        await HoldAsync("op-1", 1, "change:dmz");
        var rebooted = await OpenAsync(new TestIdentity { Self = TestIdentity.Process(1, boot: "boot-2") });
        var answer = await rebooted.AcquireLeasesAsync(Request("op-2", 1, "change:dmz") with { Owner = TestIdentity.Process(1, boot: "boot-2") });
        Assert.Equal(["op-1"], answer.TakenOverFrom);
    }

    [Fact]
    public async Task Of_two_stores_that_race_for_one_lease_exactly_one_wins_every_time()
    {
        var other = await OpenAsync();
        for (var round = 0; round < 50; round++)
        {
            var answers = await Task.WhenAll(
                Store.AcquireLeasesAsync(Request("one-" + round, 1, "change:dmz", "topology")),
                other.AcquireLeasesAsync(Request("two-" + round, 2, "topology", "change:dmz")));
            var winner = Assert.Single(answers, a => a.Token is not null);
            await Store.ReleaseLeasesAsync(winner.Token!);
        }
    }

    [Fact]
    public async Task Two_stores_append_to_one_chain()
    {
        var other = await OpenAsync();
        var one = await BeginAsync("op-1", "a");
        var two = await BeginAsync("op-2", "b");
        await Task.WhenAll(
            WriteAsync(Store, one, 40),
            WriteAsync(other, two, 40));
        var first = await other.ReadJournalAsync("op-1");
        var second = await Store.ReadJournalAsync("op-2");
        Assert.Equal(Enumerable.Range(1, 82).Select(i => (long)i), first.Concat(second).Select(e => e.Sequence).Order());

        async Task WriteAsync(IStore store, LeaseToken token, int count)
        {
            for (var i = 0; i < count; i++) await store.AppendAsync(token, [Entry(token.OperationId)]);
        }
    }
}

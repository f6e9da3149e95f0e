using Maestro.Engine.Fabrics.Simulation.Time;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Operations.Leases;
using Maestro.Engine.Store;
using Maestro.Fabrics.Contract.Store;

namespace Maestro.Engine.Tests.Store;

/// <summary>How calls share commits, and what an answer is worth.</summary>
public sealed class StoreCommitTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private SqliteStore _store = null!;
    private LeaseToken _token = null!;

    public async Task InitializeAsync()
    {
        _store = SqliteStore.Open(new SqliteStoreOptions { Path = _folder.File(), Time = new ManualTime(), Identity = new TestIdentity() });
        _token = await StoreSamples.BeginAsync(_store, "op-1");
    }

    public async Task DisposeAsync()
    {
        await _store.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Entries_of_several_calls_that_are_ready_together_share_one_commit()
    {
        Task[] calls;
        long before;
        using (Locked())
        {
            // The first call waits for the other program's lock; the rest gather behind it.
            before = _store.Commits;
            calls = [.. Enumerable.Range(0, 200).Select(i => _store.AppendAsync(_token, [StoreSamples.Entry("op-1", "entry " + i)]))];
            Assert.DoesNotContain(calls, c => c.IsCompleted);
        }

        await Task.WhenAll(calls);
        Assert.InRange(_store.Commits - before, 1, 2);
        Assert.Equal(Enumerable.Range(0, 200).Select(i => "entry " + i), (await _store.ReadJournalAsync("op-1")).Skip(1).Select(e => e.Reason));
    }

    [Fact]
    public async Task A_call_that_fails_does_not_spoil_those_that_share_its_commit()
    {
        var stale = _token with { Epoch = 0 };
        var calls = new List<Task>();
        using (Locked())
        {
            for (var i = 0; i < 10; i++)
            {
                calls.Add(_store.AppendAsync(_token, [StoreSamples.Entry("op-1", "good")]));
                calls.Add(_store.AppendAsync(stale, [StoreSamples.Entry("op-1", "stale")]));
            }
        }

        for (var i = 0; i < calls.Count; i++)
        {
            if (i % 2 == 0) await calls[i];
            else Assert.Equal(ErrorCatalogue.LeaseLost, (await Assert.ThrowsAsync<MaestroException>(() => calls[i])).Code);
        }

        Assert.Equal(10, (await _store.ReadJournalAsync("op-1")).Count(e => e.Reason == "good"));
        Assert.DoesNotContain(await _store.ReadJournalAsync("op-1"), e => e.Reason == "stale");
    }

    [Fact]
    public async Task What_is_answered_is_committed_and_seen_by_everybody()
    {
        for (var i = 2; i < 12; i++)
        {
            await _store.AppendAsync(_token, [StoreSamples.Entry("op-1", "x")]);
            Assert.Equal((long)i, RawDatabase.Run(_folder.File(), "SELECT count(*) FROM journal"));
        }
    }

    [Fact]
    public async Task Reading_does_not_wait_for_a_writer_nor_count_as_a_commit()
    {
        var before = _store.Commits;
        using (Locked()) Assert.Single(await _store.ReadJournalAsync("op-1"));
        Assert.Equal(before, _store.Commits);
    }

    [Fact]
    public async Task Closing_answers_everything_that_was_asked_before()
    {
        var calls = Enumerable.Range(0, 100).Select(i => _store.AppendAsync(_token, [StoreSamples.Entry("op-1", "x")])).ToList();
        await _store.DisposeAsync();
        Assert.All(calls, c => Assert.True(c.IsCompletedSuccessfully));
        Assert.Equal(101L, RawDatabase.Run(_folder.File(), "SELECT count(*) FROM journal"));
        Assert.Equal(ErrorCatalogue.NotConnected, (await Assert.ThrowsAsync<MaestroException>(() => _store.RenewLeasesAsync(_token))).Code);
    }

    [Fact]
    public async Task An_inline_store_commits_together_what_its_scheduler_has_ready()
    {
        using var folder = new TemporaryFolder();
        using var scheduler = new DeterministicScheduler(VirtualTimeProvider.Epoch, ownThread: false);
        await using var store = SqliteStore.Open(new SqliteStoreOptions
        {
            Path = folder.File(), Time = scheduler.Clock, Identity = new TestIdentity(), Inline = true, BehindReady = scheduler.RunBehindReady,
        });
        var token = scheduler.Run(() => StoreSamples.BeginAsync(store, "op-1"));
        var before = store.Commits;
        var work = Enumerable.Range(0, 50).Select(i => scheduler.RunAsync(async () =>
        {
            await store.AppendAsync(token, [StoreSamples.Entry("op-1", "first of " + i)]);
            await store.AppendAsync(token, [StoreSamples.Entry("op-1", "second of " + i)]);
            return true;
        })).ToList();
        scheduler.RunUntilIdle();
        Assert.All(work, w => Assert.True(w.IsCompletedSuccessfully));
        Assert.Equal(2, store.Commits - before);
        Assert.Equal(101L, RawDatabase.Run(folder.File(), "SELECT count(*) FROM journal"));

        var late = store.AppendAsync(token, [StoreSamples.Entry("op-1", "asked before the end")]);
        await store.DisposeAsync();
        Assert.True(late.IsCompletedSuccessfully);
        while (scheduler.RunOne())
        {
            // What the closed store had put behind the rest finds nothing to do.
        }

        Assert.Equal(102L, RawDatabase.Run(folder.File(), "SELECT count(*) FROM journal"));
    }

    [Fact]
    public async Task Closing_leaves_one_file_and_its_anchor()
    {
        await _store.DisposeAsync();
        Assert.Equal(["store.db", "store.db.anchor"], Directory.GetFiles(_folder.Path).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task More_calls_than_the_queue_holds_wait_their_turn_and_are_all_answered()
    {
        var calls = Enumerable.Range(0, 10_500).Select(_ => _store.FindLeasesAsync(["change:dmz"])).ToList();
        Assert.All(await Task.WhenAll(calls), holders => Assert.Single(holders));
    }

    [Fact]
    public async Task A_call_goes_on_where_it_was_awaited()
    {
        var context = new CountingContext();
        await await context.RunAsync(async () =>
        {
            await _store.RenewLeasesAsync(_token);
            Assert.Same(context, SynchronizationContext.Current);
        });
    }

    /// <summary>The lock of another program that is writing.</summary>
    private IDisposable Locked()
    {
        var connection = RawDatabase.Open(_folder.File());
        using var begin = connection.CreateCommand();
        begin.CommandText = "BEGIN IMMEDIATE";
        begin.ExecuteNonQuery();
        return connection;
    }

    /// <summary>Runs everything that is posted to it on the pool, and makes itself current there.</summary>
    private sealed class CountingContext : SynchronizationContext
    {
        public Task<Task> RunAsync(Func<Task> work)
        {
            var started = new TaskCompletionSource<Task>();
            Post(_ => started.SetResult(work()), null);
            return started.Task;
        }

        public override void Post(SendOrPostCallback d, object? state) => ThreadPool.QueueUserWorkItem(_ =>
        {
            SetSynchronizationContext(this);
            d(state);
            SetSynchronizationContext(null);
        });
    }
}

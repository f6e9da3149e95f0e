using System.Collections.Concurrent;
using Maestro.Engine.Model.Errors;
using Microsoft.Data.Sqlite;

namespace Maestro.Engine.Store;

/// <summary>
/// Runs all calls of a store one after another on one connection. Threaded: what is ready together shares one commit, each call under a
/// savepoint of its own, and a call is answered only after the commit. Inline: the caller's thread does it, at once or behind what is ready by then.
/// </summary>
internal sealed class StoreDispatcher
{
    private const int QueueBound = 10_000;
    private const int CommitBound = 500;

    // Each try waits for the connection's busy time-out of 5 s: together less than a lease lives.
    private const int BusyTries = 3;

    private readonly StoreConnection _connection;
    private readonly JournalAnchor _anchor;
    private readonly BlockingCollection<Work>? _queue;
    private readonly SemaphoreSlim _room = new(QueueBound);
    private readonly TaskCompletionSource<bool> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly object _inline = new();
    private readonly Action<Action>? _behindReady;
    private readonly List<Work> _waiting = [];
    private bool _closed;
    private long _commits;

    public StoreDispatcher(StoreConnection connection, SqliteStoreOptions options, JournalAnchor anchor)
    {
        _connection = connection;
        _anchor = anchor;
        _behindReady = options.BehindReady;
        if (options.Inline) return;
        _queue = new BlockingCollection<Work>();
        new Thread(WriteAll) { IsBackground = true, Name = "Maestro store" }.Start();
    }

    /// <summary>How many commits of writing calls were made.</summary>
    public long Commits => Interlocked.Read(ref _commits);

    public Task<T> RunAsync<T>(Func<StoreConnection, T> body, bool writes)
    {
        var work = new Work<T>(body, writes);
        if (_queue is not null) return _room.Wait(0) ? Enqueue(work) : EnqueueWithRoomAsync(work);
        lock (_inline)
        {
            if (_closed) work.Fail(Closed());
            else if (_behindReady is null) Commit([work]);
            else Defer(work, _behindReady);
        }

        return work.Completion;
    }

    /// <summary>Refuses further calls; completes when those that were queued are answered.</summary>
    public Task CloseAsync()
    {
        if (_queue is null)
        {
            lock (_inline)
            {
                CommitWaiting();
                _closed = true;
            }

            return Task.CompletedTask;
        }

        _queue.CompleteAdding();
        return _ended.Task;
    }

    private static MaestroException Closed() => new(ErrorCatalogue.NotConnected, "The session is closed.");

    private async Task<T> EnqueueWithRoomAsync<T>(Work<T> work)
    {
        await _room.WaitAsync();
        return await Enqueue(work);
    }

    private Task<T> Enqueue<T>(Work<T> work)
    {
        try
        {
            _queue!.Add(work);
        }
        catch (InvalidOperationException)
        {
            _room.Release();
            work.Fail(Closed());
        }

        return work.Completion;
    }

    private void Defer(Work work, Action<Action> behindReady)
    {
        _waiting.Add(work);
        if (_waiting.Count > 1) return;
        behindReady(() =>
        {
            lock (_inline) CommitWaiting();
        });
    }

    private void CommitWaiting()
    {
        for (var first = 0; first < _waiting.Count; first += CommitBound) Commit(_waiting.GetRange(first, Math.Min(CommitBound, _waiting.Count - first)));
        _waiting.Clear();
    }

    private void WriteAll()
    {
        var batch = new List<Work>();
        foreach (var first in _queue!.GetConsumingEnumerable())
        {
            batch.Clear();
            batch.Add(first);
            while (batch.Count < CommitBound && _queue.TryTake(out var more)) batch.Add(more);
            _room.Release(batch.Count);
            Commit(batch);
        }

        _ended.SetResult(true);
    }

    private void Commit(List<Work> batch)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                CommitOnce(batch);
                break;
            }
            catch (SqliteException fault) when (fault.SqliteErrorCode == SqliteFault.Busy && attempt < BusyTries)
            {
                Rollback();
            }
            catch (Exception fault)
            {
                Rollback();
                var failure = SqliteFault.Explain(fault, _connection.Path);
                foreach (var work in batch) work.Fail(failure);
                return;
            }
        }

        foreach (var work in batch) work.Answer();
    }

    private void CommitOnce(List<Work> batch)
    {
        // Calls that only read take no lock that would make another process wait.
        var writes = batch.Any(w => w.Writes);
        _connection.Execute(writes ? "BEGIN IMMEDIATE" : "BEGIN");
        foreach (var work in batch) RunUnderSavepoint(work);
        var head = writes ? JournalChain.Head(_connection) : null;
        _connection.Execute("COMMIT");
        if (head is null) return;
        Interlocked.Increment(ref _commits);
        _anchor.Write(head);
    }

    private void RunUnderSavepoint(Work work)
    {
        _connection.Execute("SAVEPOINT one");
        try
        {
            work.Run(_connection);
        }
        catch (Exception fault) when (fault is not SqliteException { SqliteErrorCode: SqliteFault.Busy or SqliteFault.InputOutput or SqliteFault.Full })
        {
            // The fault is this call's own; what else is in the commit goes on. Busy, I/O and full disk concern all.
            _connection.Execute("ROLLBACK TO one");
            work.Fault = fault is SqliteException ? SqliteFault.Explain(fault, _connection.Path) : fault;
        }

        _connection.Execute("RELEASE one");
    }

    private void Rollback()
    {
        try
        {
            _connection.Execute("ROLLBACK");
        }
        catch (SqliteException)
        {
            // There was no transaction to roll back.
        }
    }

    private abstract class Work(bool writes)
    {
        public bool Writes { get; } = writes;

        public Exception? Fault { get; set; }

        public abstract void Run(StoreConnection connection);

        public abstract void Answer();

        public abstract void Fail(Exception fault);
    }

    private sealed class Work<T>(Func<StoreConnection, T> body, bool writes) : Work(writes)
    {
        private readonly TaskCompletionSource<T> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private T? _result;

        public Task<T> Completion => _completion.Task;

        public override void Run(StoreConnection connection)
        {
            // The whole commit may be tried again.
            Fault = null;
            _result = body(connection);
        }

        public override void Answer()
        {
            if (Fault is null) _completion.SetResult(_result!);
            else _completion.SetException(Fault);
        }

        public override void Fail(Exception fault) => _completion.SetException(fault);
    }
}

using System.Collections.Concurrent;
using Maestro.Engine.Model.Errors;
using Microsoft.Data.Sqlite;

namespace Maestro.Engine.Store;

/// <summary>
/// Runs all calls of a store one after another on one connection. Threaded: what is ready together shares one commit, each call under a
/// savepoint of its own, and a call is answered only after the commit. Inline: the caller's thread does it at once.
/// </summary>
internal sealed class StoreDispatcher : IDisposable
{
    private const int QueueBound = 10_000;
    private const int CommitBound = 500;
    private const int BusyTries = 4;

    private readonly SqliteConnection _connection;
    private readonly Action<SqliteConnection> _afterCommit;
    private readonly BlockingCollection<Work>? _queue;
    private readonly Thread? _writer;
    private readonly object _inline = new();
    private bool _closed;

    public StoreDispatcher(SqliteConnection connection, bool inline, Action<SqliteConnection> afterCommit)
    {
        _connection = connection;
        _afterCommit = afterCommit;
        if (inline) return;
        _queue = new BlockingCollection<Work>(QueueBound);
        _writer = new Thread(Write) { IsBackground = true, Name = "Maestro store" };
        _writer.Start();
    }

    /// <summary>How many commits were made; read by tests of commit sharing.</summary>
    public long Commits { get; private set; }

    public Task<T> RunAsync<T>(Func<SqliteConnection, T> body)
    {
        var work = new Work<T>(body);
        if (_queue is null)
        {
            lock (_inline)
            {
                if (_closed) throw Closed();
                Commit([work]);
            }
        }
        else
        {
            try
            {
                _queue.Add(work);
            }
            catch (InvalidOperationException)
            {
                throw Closed();
            }
        }

        return work.Completion;
    }

    public void Dispose()
    {
        if (_queue is null)
        {
            lock (_inline) _closed = true;
            return;
        }

        _queue.CompleteAdding();
        _writer!.Join();
        _queue.Dispose();
    }

    private static MaestroException Closed() => new(ErrorCatalogue.NotConnected, "The session is closed.");

    private void Write()
    {
        var batch = new List<Work>();
        foreach (var first in _queue!.GetConsumingEnumerable())
        {
            batch.Clear();
            batch.Add(first);
            while (batch.Count < CommitBound && _queue.TryTake(out var more)) batch.Add(more);
            Commit(batch);
        }
    }

    private void Commit(List<Work> batch)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                StoreSchema.Execute(_connection, "BEGIN IMMEDIATE");
                foreach (var work in batch) RunUnderSavepoint(work);
                StoreSchema.Execute(_connection, "COMMIT");
                Commits++;
                _afterCommit(_connection);
                foreach (var work in batch) work.Answer();
                return;
            }
            catch (SqliteException fault)
            {
                Rollback();
                // SQLITE_BUSY after the connection's own busy time-out: another process is at work.
                if (fault.SqliteErrorCode == 5 && attempt < BusyTries) continue;
                var failure = new MaestroException(ErrorCatalogue.StoreUnavailable, "The store cannot be written: " + fault.Message, innerException: fault);
                foreach (var work in batch) work.Fail(failure);
                return;
            }
        }
    }

    private void RunUnderSavepoint(Work work)
    {
        StoreSchema.Execute(_connection, "SAVEPOINT one");
        try
        {
            work.Run(_connection);
            StoreSchema.Execute(_connection, "RELEASE one");
        }
        catch (Exception fault) when (fault is not SqliteException { SqliteErrorCode: 5 or 10 or 13 })
        {
            // The fault is this call's own; what else is in the commit goes on. Busy, I/O and full disk concern all.
            StoreSchema.Execute(_connection, "ROLLBACK TO one");
            StoreSchema.Execute(_connection, "RELEASE one");
            work.Fault = fault;
        }
    }

    private void Rollback()
    {
        try
        {
            StoreSchema.Execute(_connection, "ROLLBACK");
        }
        catch (SqliteException)
        {
            // There was no transaction to roll back.
        }
    }

    private abstract class Work
    {
        public Exception? Fault { get; set; }

        public abstract void Run(SqliteConnection connection);

        public abstract void Answer();

        public abstract void Fail(Exception fault);
    }

    private sealed class Work<T>(Func<SqliteConnection, T> body) : Work
    {
        private readonly TaskCompletionSource<T> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private T? _result;

        public Task<T> Completion => _completion.Task;

        public override void Run(SqliteConnection connection)
        {
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

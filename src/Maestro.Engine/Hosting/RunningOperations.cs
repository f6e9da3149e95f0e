using Maestro.Engine.Operations.Running;

namespace Maestro.Engine.Hosting;

/// <summary>The runs that this engine has under way, so that a closing session can bring them to rest.</summary>
internal sealed class RunningOperations
{
    private readonly object _gate = new();
    private readonly List<Entry> _entries = [];

    private sealed class Entry(CancellationTokenSource rest)
    {
        public CancellationTokenSource Rest { get; } = rest;

        public string OperationId { get; set; } = "";

        public Task<OperationResult>? Completion { get; set; }
    }

    /// <summary>Starts a run; completes once its operation is in the journal or it is over, whichever comes first.</summary>
    public async Task<OperationHandle> StartAsync(CancellationToken rest, Func<CancellationToken, Action<string>, Task<OperationResult>> run)
    {
        var linked = CancellationTokenSource.CreateLinkedTokenSource(rest);
        var entry = new Entry(linked);
        var started = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate) _entries.Add(entry);
        var completion = TrackAsync(entry, run(linked.Token, id =>
        {
            entry.OperationId = id;
            started.TrySetResult(id);
        }));
        lock (_gate) entry.Completion = completion;
        // Not WhenAny: it goes on on the thread pool when its task runs continuations asynchronously, and so leaves the deterministic scheduler.
        _ = SignalEndAsync(completion, started);
        await started.Task;
        if (completion.IsFaulted || completion.IsCanceled) await completion;
        return new OperationHandle(entry.OperationId, completion);
    }

    public Task<OperationResult>? Find(string operationId)
    {
        lock (_gate) return _entries.FirstOrDefault(e => e.OperationId == operationId)?.Completion;
    }

    /// <summary>Asks all to come to rest and waits for them, at most <paramref name="grace"/>. Answers the ids that were running.</summary>
    public async Task<IReadOnlyList<string>> RestAsync(TimeProvider time, TimeSpan grace)
    {
        List<Entry> entries;
        lock (_gate) entries = [.. _entries];
        if (entries.Count == 0) return [];
        foreach (var entry in entries) entry.Rest.Cancel();
        using var end = new CancellationTokenSource();
        var all = Task.WhenAll(entries.Select(e => e.Completion).Where(c => c is not null).Select(c => Quiet(c!)));
        await Task.WhenAny(all, time.Delay(grace, end.Token));
        end.Cancel();
        return [.. entries.Select(e => e.OperationId).Where(id => id.Length > 0)];
    }

    private static async Task SignalEndAsync(Task completion, TaskCompletionSource<string> started)
    {
        await Quiet(completion);
        started.TrySetResult("");
    }

    private async Task<OperationResult> TrackAsync(Entry entry, Task<OperationResult> run)
    {
        try
        {
            return await run;
        }
        finally
        {
            lock (_gate) _entries.Remove(entry);
            entry.Rest.Dispose();
        }
    }

    private static async Task Quiet(Task task)
    {
        try
        {
            await task;
        }
        catch (Exception)
        {
            // Its own caller sees the fault.
        }
    }
}

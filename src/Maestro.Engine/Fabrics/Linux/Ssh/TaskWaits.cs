namespace Maestro.Engine.Fabrics.Linux.Ssh;

/// <summary>Waiting for work that cannot be cancelled itself.</summary>
internal static class TaskWaits
{
    /// <summary>The task's end, or the first token, whichever comes first. The task goes on by itself.</summary>
    /// <exception cref="OperationCanceledException">A token came first.</exception>
    public static async Task<T> UntilAsync<T>(this Task<T> task, CancellationToken end, CancellationToken patience = default)
    {
        var given = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        using (end.Register(() => given.TrySetResult(true)))
        using (patience.Register(() => given.TrySetResult(true)))
        {
            if (await Task.WhenAny(task, given.Task) == task) return await task;
            // Whoever gave up does not want to hear of its fault either.
            _ = task.ContinueWith(t => t.Exception, TaskContinuationOptions.OnlyOnFaulted);
            throw new OperationCanceledException(end.IsCancellationRequested ? end : patience);
        }
    }
}

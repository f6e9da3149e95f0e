using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace Maestro.PowerShell.Hosting;

/// <summary>
/// Between the engine's threads and the pipeline's one: work starts on the thread pool, what it has to say is queued, and only the pipeline
/// thread says it. When saying throws (a stopped pipeline, -WarningAction Stop) the work is brought to rest before that goes on.
/// </summary>
internal static class Pump
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(200);

    /// <param name="work">Gets a way to queue what the pipeline thread shall do.</param>
    /// <param name="stop">Cancelled by Ctrl+C, and here when saying throws: it brings the work to rest.</param>
    /// <param name="grace">How long the work gets for that.</param>
    /// <param name="idle">Called on the pipeline thread whenever nothing was said for a moment.</param>
    /// <exception cref="OperationCanceledException">The work did not come to rest within the grace; it goes on without this cmdlet.</exception>
    public static T Run<T>(Func<Action<Action>, Task<T>> work, CancellationTokenSource stop, TimeSpan grace, Action? idle = null)
    {
        using var queue = new BlockingCollection<Action>();
        using var ended = new CancellationTokenSource();
        var task = Task.Run(async () =>
        {
            try
            {
                return await work(Enqueue);
            }
            finally
            {
                Close(queue);
            }
        });
        using var limit = stop.Token.Register(() => _ = CloseAfterAsync(queue, grace, ended.Token));

        ExceptionDispatchInfo? stopped = null;
        while (!queue.IsCompleted)
        {
            var action = queue.TryTake(out var said, Beat) ? said : idle;
            if (stopped is not null || action is null) continue;
            try
            {
                action();
            }
            catch (Exception fault)
            {
                stopped = ExceptionDispatchInfo.Capture(fault);
                stop.Cancel();
            }
        }

        ended.Cancel();
        // The queue is closed a moment before the task is complete; after the grace it is closed without that.
        var atRest = stop.IsCancellationRequested ? Task.WhenAny(task, Task.Delay(Beat)).GetAwaiter().GetResult() == task : Completed(task);
        stopped?.Throw();
        if (!atRest) throw new OperationCanceledException(stop.Token);
        return task.GetAwaiter().GetResult();

        void Enqueue(Action action)
        {
            try
            {
                queue.Add(action);
            }
            catch (InvalidOperationException)
            {
                // Said after the end: nobody listens any more.
            }
        }
    }

    private static bool Completed(Task task)
    {
        Task.WhenAny(task).GetAwaiter().GetResult();
        return true;
    }

    private static async Task CloseAfterAsync(BlockingCollection<Action> queue, TimeSpan grace, CancellationToken ended)
    {
        try
        {
            await Task.Delay(grace, ended);
            Close(queue);
        }
        catch (OperationCanceledException)
        {
            // It came to rest in time.
        }
    }

    private static void Close(BlockingCollection<Action> queue)
    {
        try
        {
            queue.CompleteAdding();
        }
        catch (ObjectDisposedException)
        {
            // The other side has gone already.
        }
    }
}

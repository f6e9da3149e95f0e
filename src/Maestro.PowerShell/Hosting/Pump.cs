using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace Maestro.PowerShell.Hosting;

/// <summary>
/// Between the engine's threads and the pipeline's one: work starts on the thread pool, what it has to say is queued, and only the pipeline
/// thread says it. When saying throws (a stopped pipeline, -WarningAction Stop) the work is brought to rest before that goes on.
/// </summary>
internal static class Pump
{
    /// <param name="work">Gets a way to queue what the pipeline thread shall do.</param>
    /// <param name="stop">Cancelled to bring the work to rest.</param>
    /// <param name="grace">How long the work gets for that.</param>
    public static T Run<T>(Func<Action<Action>, Task<T>> work, CancellationTokenSource stop, TimeSpan grace)
    {
        using var queue = new BlockingCollection<Action>();
        var task = Task.Run(async () =>
        {
            try
            {
                return await work(Enqueue);
            }
            finally
            {
                queue.CompleteAdding();
            }
        });

        ExceptionDispatchInfo? stopped = null;
        foreach (var action in queue.GetConsumingEnumerable())
        {
            if (stopped is not null) continue;
            try
            {
                action();
            }
            catch (Exception fault)
            {
                stopped = ExceptionDispatchInfo.Capture(fault);
                stop.Cancel();
                // The queue is drained on; the work completes it when it has come to rest.
                if (!task.IsCompleted) _ = Task.Delay(grace).ContinueWith(_ => Complete(queue), TaskScheduler.Default);
            }
        }

        if (stopped is not null)
        {
            Wait(task, grace);
            stopped.Throw();
        }

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

    private static void Complete(BlockingCollection<Action> queue)
    {
        try
        {
            queue.CompleteAdding();
        }
        catch (ObjectDisposedException)
        {
            // The work came to rest in time.
        }
    }

    private static void Wait(Task task, TimeSpan grace)
    {
        try
        {
            task.Wait(grace);
        }
        catch (AggregateException)
        {
            // What stopped the pipeline is what the user sees; the journal has the rest.
        }
    }
}

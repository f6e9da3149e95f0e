namespace Maestro.Engine.Hosting;

/// <summary>The scheduler of real life: work starts on the thread pool, without a synchronisation context, under the system's clock.</summary>
public sealed class ThreadPoolScheduler(TimeProvider? time = null) : IEngineScheduler
{
    public TimeProvider Time { get; } = time ?? TimeProvider.System;

    // The one place where engine work is handed to the thread pool; everything below it is plain await.
#pragma warning disable RS0030
    public Task<T> RunAsync<T>(Func<Task<T>> work) => Task.Run(work);
#pragma warning restore RS0030

    public void Dispose()
    {
    }
}

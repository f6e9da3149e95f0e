namespace Maestro.Engine.Hosting;

/// <summary>Where engine code runs and whose clock it lives by: the thread pool and the real clock, or one thread and virtual time.</summary>
public interface IEngineScheduler : IDisposable
{
    TimeProvider Time { get; }

    /// <summary>Starts work on the engine's own threads and completes with it. Safe to call from any thread.</summary>
    Task<T> RunAsync<T>(Func<Task<T>> work);
}

using Maestro.Engine.Fabrics.Simulation.Time;
using Maestro.Engine.Hosting;

namespace Maestro.Simulation.Controllers;

/// <summary>All controllers share one thread and one order of events; each has its own clock.</summary>
internal sealed class ControllerScheduler(DeterministicScheduler shared, ControllerProcess process) : IEngineScheduler
{
    public TimeProvider Time => process.Clock;

    public Task<T> RunAsync<T>(Func<Task<T>> work) => shared.RunAsync(async () =>
    {
        await process.PassAsync();
        return await work();
    });

    // The history ends the scheduler, not one of its controllers.
    public void Dispose()
    {
    }
}

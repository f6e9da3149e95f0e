using System.Globalization;
using Maestro.Engine.Fabrics.Simulation.Time;
using Maestro.Engine.Fabrics.Simulation.World;

namespace Maestro.Engine.Fabrics.Simulation;

/// <summary>How a lab is opened.</summary>
public sealed record LabOptions
{
    /// <summary>One seed is one world and one history. A kept world keeps the seed that it was made with.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Virtual seconds a real second, more than 0; null lets waits pass at once.</summary>
    public double? Speed { get; init; }

    /// <summary>The folder that keeps the world between processes; null for a world in memory.</summary>
    public string? Path { get; init; }
}

/// <summary>A lab's fabric and the scheduler that it lives on.</summary>
internal sealed record OpenLab(SimulationFabric Fabric, DeterministicScheduler Scheduler)
{
    /// <param name="options">How.</param>
    /// <param name="script">Runs the script of a probe; null where nothing does.</param>
    /// <param name="ownThread">False when the caller drives the scheduler.</param>
    /// <exception cref="Model.Errors.MaestroException">
    /// <c>Maestro.LabBusy</c>: another process has this world open; <c>Maestro.StoreDamaged</c>, <c>Maestro.StoreTooNew</c>,
    /// <c>Maestro.StoreUnavailable</c> for its folder.
    /// </exception>
    public static OpenLab Open(LabOptions options, Func<string, string?>? script = null, bool ownThread = true)
    {
        var file = options.Path is null ? null : LabFile.Open(options.Path);
        DeterministicScheduler? scheduler = null;
        try
        {
            var state = file?.Read() ?? LabBuilder.Build(options.Seed, VirtualTimeProvider.Epoch);
            scheduler = new DeterministicScheduler(state.Now, options.Speed, ownThread);
            var world = new LabWorld(state, scheduler.Clock, file is null ? null : file.Write);
            // The opening itself is kept: claims are told apart by it.
            world.Keep();
            scheduler.OnQuiet = () => world.KeepTime(scheduler.IsIdle);
            var endpoint = "lab (seed " + state.Seed.ToString(CultureInfo.InvariantCulture) + ")";
            return new OpenLab(new SimulationFabric(world, endpoint, file, script), scheduler);
        }
        catch
        {
            scheduler?.Dispose();
            file?.Dispose();
            throw;
        }
    }
}

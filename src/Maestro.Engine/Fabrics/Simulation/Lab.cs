using System.Globalization;
using Maestro.Engine.Fabrics.Simulation.Time;
using Maestro.Engine.Fabrics.Simulation.World;
using Maestro.Engine.Hosting;

namespace Maestro.Engine.Fabrics.Simulation;

/// <summary>How a lab is opened.</summary>
public sealed record LabOptions
{
    public int Seed { get; init; } = 1;

    /// <summary>Virtual seconds a real second; null lets waits pass at once.</summary>
    public double? Speed { get; init; }

    /// <summary>The folder that keeps the world between processes; null for a world in memory.</summary>
    public string? Path { get; init; }
}

/// <summary>A lab's fabric and the scheduler that it lives on.</summary>
internal sealed record OpenLab(SimulationFabric Fabric, DeterministicScheduler Scheduler)
{
    /// <exception cref="Model.Errors.MaestroException"><c>Maestro.LabBusy</c>: another process has this world open.</exception>
    public static OpenLab Open(LabOptions options)
    {
        var file = options.Path is null ? null : LabFile.Open(options.Path);
        var state = file?.Read() ?? LabBuilder.Build(options.Seed, VirtualTimeProvider.Epoch);
        var scheduler = new DeterministicScheduler(state.Now, options.Speed);
        var world = new LabWorld(state, scheduler.Clock, file is null ? null : file.Write);
        var endpoint = "lab (seed " + state.Seed.ToString(CultureInfo.InvariantCulture) + ")";
        return new OpenLab(new SimulationFabric(world, scheduler.Clock, endpoint, file), scheduler);
    }
}

using System.Globalization;
using Maestro.Engine.Fabrics.Simulation;
using Maestro.Engine.Store;

namespace Maestro.Engine.Hosting;

/// <summary>What every kind of session is opened with.</summary>
public record SessionOptions
{
    public required string Name { get; init; }

    /// <summary>The store's file; null for the default place, which for a lab in memory is memory.</summary>
    public string? StorePath { get; init; }

    /// <summary>The value of MAESTRO_STORE.</summary>
    public string? StoreEnvironment { get; init; }

    public bool ReadOnly { get; init; }
}

/// <summary>Composes engines.</summary>
public static class SessionFactory
{
    /// <summary>Opens a lab: gateways in memory under virtual time.</summary>
    /// <exception cref="Model.Errors.MaestroException"><c>LabBusy</c>, <c>StoreUnavailable</c> and the store's others.</exception>
    public static EngineHost OpenLab(SessionOptions session, LabOptions lab)
    {
        var open = Fabrics.Simulation.OpenLab.Open(lab);
        try
        {
            var identity = new SystemHostIdentity();
            var store = SqliteStore.Open(new SqliteStoreOptions
            {
                // The journal of a world in memory dies with that world; a kept world keeps its journal beside it.
                Path = session.StorePath ?? (lab.Path is null ? null : Path.Combine(Path.GetFullPath(lab.Path), "store.db")),
                Time = open.Scheduler.Clock,
                Identity = identity,
                Inline = true,
            });
            return new EngineHost(new EngineParts
            {
                Fabric = open.Fabric,
                Store = store,
                Identity = identity,
                Scheduler = open.Scheduler,
                Random = new SeededRandom((ulong)(uint)lab.Seed).Stream("engine/" + open.Fabric.World.State.Draws.ToString(CultureInfo.InvariantCulture)),
                Session = session.Name,
                ReadOnly = session.ReadOnly,
            });
        }
        catch
        {
            open.Scheduler.Dispose();
            open.Fabric.DisposeAsync().GetAwaiter().GetResult();
            throw;
        }
    }

}

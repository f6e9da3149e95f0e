using Maestro.Engine.Fabrics;
using Maestro.Engine.Operations.Leases;
using Maestro.Engine.Store;
using Maestro.Engine.Synchronisation;

namespace Maestro.Engine.Hosting;

/// <summary>What an engine is composed of: the same for cmdlets, Shell, Server and simulation.</summary>
public sealed record EngineParts
{
    public required IFabric Fabric { get; init; }

    public required IStore Store { get; init; }

    public required IHostIdentity Identity { get; init; }

    public required IEngineScheduler Scheduler { get; init; }

    public required SeededRandom Random { get; init; }

    /// <summary>The session's name, stamped on every object.</summary>
    public required string Session { get; init; }

    /// <summary>What the fabric says of its traffic.</summary>
    internal WireFeed Wire { get; init; } = new();

    /// <summary>How many policy versions the store keeps of a group.</summary>
    public VersionRetention Retention { get; init; } = new();

    /// <summary>Refuses every change.</summary>
    public bool ReadOnly { get; init; }
}

using Maestro.Engine.Fabrics;
using Maestro.Engine.Hosting;
using Maestro.Engine.Operations.Leases;

namespace Maestro.Fabrics.Contract.Fabric;

/// <summary>A fabric, and what a test of its promises needs around it.</summary>
public sealed record FabricUnderTest
{
    public required IFabric Fabric { get; init; }

    /// <summary>Where the fabric's calls run, and whose clock its waits pass on.</summary>
    public required IEngineScheduler Scheduler { get; init; }

    /// <summary>Three or more gateways of one site that are in no group.</summary>
    public required IReadOnlyList<string> FreeGateways { get; init; }

    /// <summary>Two policies that are fine and differ.</summary>
    public required string PolicyPath { get; init; }

    public required string OtherPolicyPath { get; init; }

    /// <summary>A policy that does not parse.</summary>
    public required string BrokenPolicyPath { get; init; }

    /// <summary>The most connections of a member that are the fabric's own to it, and counted among its connections.</summary>
    public int OwnConnections { get; init; }

    /// <summary>A lease of the store that the fabric writes to, for fabrics that have one; made up elsewhere.</summary>
    public Func<string, Task<LeaseToken>> LeaseAsync { get; init; } =
        operation => Task.FromResult(new LeaseToken { OperationId = operation, Epoch = 1, Resources = [Resource.Topology] });

    /// <summary>Makes a gateway's management silent; null where that cannot be done here.</summary>
    public Func<string, Task>? SilenceAsync { get; init; }

    /// <summary>Ends what was made for the test.</summary>
    public Func<Task> CloseAsync { get; init; } = () => Task.CompletedTask;
}

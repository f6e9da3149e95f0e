using Maestro.Engine.Fabrics;
using Maestro.Engine.Fabrics.Linux;
using Maestro.Engine.Fabrics.Linux.Replication;
using Maestro.Engine.Fabrics.Linux.Traffic;
using Maestro.Engine.Fabrics.Probes;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Store;
using Maestro.Simulation.Controllers;

namespace Maestro.Simulation.Steering;

/// <summary>
/// One controller's fabric in a steered world. What decides and what orders one thing after another is the Linux fabric's own: the tables, the hand-over of connections,
/// the replication's telling, the members' way out and in. Simulated is what they ask: single hosts.
/// </summary>
internal sealed class SteeredFabric : IFabric
{
    private readonly ControllerFabric _carriers;

    public SteeredFabric(IFabric inner, ControllerProcess process, IStore store)
    {
        _carriers = new ControllerFabric(inner, process);
        var calls = new ControllerCalls(process);
        var hosts = new HostCalls(process, calls);
        var topology = new SteeredTopology(hosts, calls, inner.Topology);
        var tables = new LinuxTables(new SteeredTables(hosts), new SteeredKernels(hosts), new LinuxReplication(new SteeredCopies(hosts)), store, process.Clock);
        topology.Tables = tables;
        var traffic = new LinuxTraffic(topology, tables, process.Clock);
        (Topology, Traffic) = (topology, traffic);
        Members = new LinuxMembers(new SteeredMemberFiles(hosts, calls), topology, traffic);
        Replication = new SteeredReplication(hosts, traffic);
        Sight = new SteeredSight(process);
        Traits = new FabricTraits
        {
            Name = "Linux",
            Endpoint = inner.Traits.Endpoint,
            User = inner.Traits.User,
            Capability = inner.Traits.Capability,
            DefaultTimeout = TimeSpan.FromMinutes(5),
            JoinersPullPolicy = false,
            LongestMove = TimeSpan.FromMinutes(4),
            WaitsForFlows = false,
        };
    }

    public FabricTraits Traits { get; }

    public ITopology Topology { get; }

    public IGroupClaims? Claims => _carriers.Claims;

    public IMemberActions? Members { get; }

    public IPolicyCarrier? Policies => _carriers.Policies;

    public IProbes? Probes => _carriers.Probes;

    public IConfigurationCarrier? Configurations => _carriers.Configurations;

    public ITraffic? Traffic { get; }

    // Looks only, and no operation asks.
    public IMeasurements? Measurements => null;

    public IStateReplication? Replication { get; }

    public IMemberSight? Sight { get; }

    public MaestroException MissingFacet(FabricFacet facet) => _carriers.MissingFacet(facet);

    public ValueTask DisposeAsync() => default;
}

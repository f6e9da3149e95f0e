using Maestro.Engine.Fabrics.Simulation.World;
using Maestro.Engine.Fabrics.Probes;
using Maestro.Engine.Model.Errors;

namespace Maestro.Engine.Fabrics.Simulation;

/// <summary>Gateways and orchestrators in memory, under virtual time.</summary>
internal sealed class SimulationFabric : IFabric
{
    private readonly IDisposable? _ownership;

    /// <param name="world">The gateways and orchestrators.</param>
    /// <param name="endpoint">How messages name it.</param>
    /// <param name="ownership">Given back when the fabric is closed.</param>
    /// <param name="script">Runs the script of a probe, see <see cref="HereProbes"/>; null where nothing does.</param>
    public SimulationFabric(LabWorld world, string endpoint, IDisposable? ownership = null, Func<string, string?>? script = null)
    {
        _ownership = ownership;
        World = world;
        Traits = new FabricTraits
        {
            Name = "Lab",
            Endpoint = endpoint,
            User = "lab",
            Capability = ["Topology", "Ports", "Suspend", "Restart", "Policy", "Configuration", "Distribution", "Fencing"],
            DefaultTimeout = TimeSpan.FromMinutes(45),
            JoinersPullPolicy = true,
            CorrectsStrays = true,
        };
        var calls = new SimulationCalls(world);
        Topology = new SimulationTopology(calls);
        Claims = new SimulationClaims(calls);
        Members = new SimulationMembers(calls);
        Policies = new SimulationPolicies(calls);
        Probes = new SimulationProbes(calls, new HereProbes(world.Time, script));
        Configurations = new SimulationConfigurations(calls);
        Traffic = new SimulationTraffic(calls);
        Measurements = new SimulationMeasurements(calls);
        Replication = new SimulationReplication(calls);
    }

    public LabWorld World { get; }

    public FabricTraits Traits { get; }

    public ITopology Topology { get; }

    public IGroupClaims? Claims { get; }

    public IMemberActions? Members { get; }

    public IPolicyCarrier? Policies { get; }

    public IProbes? Probes { get; }

    public IConfigurationCarrier? Configurations { get; }

    public ITraffic? Traffic { get; }

    public IMeasurements? Measurements { get; }

    public IStateReplication? Replication { get; }

    /// <summary>The lab's orchestrators see for themselves who carries, as Check Point's do.</summary>
    public IMemberSight? Sight => null;

    public MaestroException MissingFacet(FabricFacet facet) => facet == FabricFacet.MemberSight
        ? new(ErrorCatalogue.FabricCannot, "The lab's orchestrators move the traffic of a lost member by themselves: there is nothing to do for a watch.", Traits.Endpoint, "Watch without -AutoFailover.")
        : new(
        ErrorCatalogue.FabricCannot,
        $"The lab does not simulate {facet}.",
        Traits.Endpoint,
        "Connect to real gateways for that.");

    // The world is kept before each answer and whenever work comes to rest, so nothing is left to keep here.
    public ValueTask DisposeAsync()
    {
        _ownership?.Dispose();
        return default;
    }
}

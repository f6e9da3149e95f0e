using Maestro.Engine.Fabrics.Simulation.World;
using Maestro.Engine.Model.Errors;

namespace Maestro.Engine.Fabrics.Simulation;

/// <summary>Gateways and orchestrators in memory, under virtual time.</summary>
internal sealed class SimulationFabric : IFabric
{
    private readonly IDisposable? _ownership;

    public SimulationFabric(LabWorld world, TimeProvider time, string endpoint, IDisposable? ownership = null)
    {
        _ownership = ownership;
        World = world;
        Traits = new FabricTraits
        {
            Name = "Lab",
            Endpoint = endpoint,
            User = "lab",
            Capability = ["Topology", "Ports", "Suspend", "Restart", "Policy", "Fencing"],
            DefaultTimeout = TimeSpan.FromMinutes(45),
            JoinersPullPolicy = true,
        };
        Topology = new SimulationTopology(world, time);
        Claims = new SimulationClaims(world, time);
        Members = new SimulationMembers(world);
        Policies = new SimulationPolicies(world);
    }

    public LabWorld World { get; }

    public FabricTraits Traits { get; }

    public ITopology Topology { get; }

    public IGroupClaims? Claims { get; }

    public IMemberActions? Members { get; }

    public IPolicyCarrier? Policies { get; }

    public MaestroException MissingFacet(FabricFacet facet) => new(
        ErrorCatalogue.FabricCannot,
        $"The lab does not offer {facet}.",
        "Lab",
        "Connect to a fabric that does.");

    public ValueTask DisposeAsync()
    {
        World.Keep();
        _ownership?.Dispose();
        return default;
    }
}

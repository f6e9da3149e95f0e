using System.Globalization;
using Maestro.Engine.Fabrics.Linux.Inventory;
using Maestro.Engine.Fabrics.Linux.Replication;
using Maestro.Engine.Fabrics.Linux.Sight;
using Maestro.Engine.Fabrics.Linux.Ssh;
using Maestro.Engine.Fabrics.Linux.Traffic;
using Maestro.Engine.Fabrics.Probes;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Operations.Leases;
using Maestro.Engine.Store;

namespace Maestro.Engine.Fabrics.Linux;

/// <summary>Any Linux host that SSH reaches is a gateway: nftables is its policy, plain files its memory, and no program of ours runs on it.</summary>
internal sealed class LinuxFabric : IFabric
{
    private readonly IGatewayTransport _transport;

    public LinuxFabric(InventoryFile inventory, IGatewayTransport transport, IStore store, IHostIdentity identity, TimeProvider time, Func<string, string?>? script = null, IGatewayFeed? feed = null)
    {
        _transport = transport;
        var hosts = new LinuxHosts(inventory, transport, time);
        var isSteered = inventory.Orchestrators.Any(o => o.Steers);
        Traits = new FabricTraits
        {
            Name = "Linux",
            Endpoint = $"{inventory.Name} ({inventory.Gateways.Count.ToString(CultureInfo.InvariantCulture)} gateways)",
            User = string.Join(",", inventory.Gateways.Select(g => g.Host.User).Distinct()),
            Capability = ["Topology", "Policy", "Configuration", "Fencing", .. isSteered ? ["Distribution", "Suspend", "Restart"] : Array.Empty<string>()],
            DefaultTimeout = TimeSpan.FromMinutes(5),
            JoinersPullPolicy = false,
            LongestMove = TimeSpan.FromMinutes(4),
            WaitsForFlows = false,
        };
        var replication = inventory.StateSync is { } settings ? new LinuxReplication(new LinuxCopyHosts(hosts, settings)) : null;
        var connections = new LinuxConnections(hosts);
        var tables = isSteered ? new LinuxTables(new LinuxSteering(hosts), connections, replication, store, time) : null;
        var topology = new LinuxTopology(hosts, new LinuxLedger(store), tables, time, identity.Self.ToString());
        var traffic = tables is null ? null : new LinuxTraffic(topology, tables, time);
        Topology = topology;
        Traffic = traffic;
        Replication = inventory.StateSync is not { } sync || tables is null ? null : new LinuxReplicationView(hosts, topology, tables, connections, sync, time);
        Measurements = new LinuxMeasurements(hosts);
        Sight = tables is null || feed is null ? null : new LinuxSight(inventory, feed, time);
        Claims = new LinuxClaims(hosts, identity, time);
        Members = new LinuxMembers(new LinuxMemberFiles(hosts), topology, traffic);
        Policies = new LinuxPolicies(hosts);
        Probes = new LinuxProbes(hosts, new HereProbes(time, script));
        Configurations = new LinuxConfigurations(hosts);
    }

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

    public IMemberSight? Sight { get; }

    public MaestroException MissingFacet(FabricFacet facet) => facet switch
    {
        FabricFacet.StateReplication => new MaestroException(ErrorCatalogue.FabricCannot, "Nobody keeps copies of the connections of this Linux fabric.", "Linux", "The inventory key 'stateSync', beside 'orchestrators', has members copy them to one another."),
        FabricFacet.MemberSight => new MaestroException(ErrorCatalogue.FabricCannot, "Nobody probes the members of this Linux fabric, and nothing steers their traffic. Nothing was sent.", "Linux", "The inventory key 'orchestrators' names the hosts that do both: with an uplink on either side."),
        FabricFacet.Traffic => new MaestroException(ErrorCatalogue.FabricCannot, "Nothing steers the traffic of this Linux group, so a member cannot be drained or restarted by Maestro. Nothing was sent.", "Linux", "The inventory key 'orchestrators' names the hosts that steer it: with an uplink on either side."),
        _ => new MaestroException(ErrorCatalogue.FabricCannot, $"The Linux fabric does not offer {facet}.", "Linux", "Do it with the host's own tools."),
    };

    public ValueTask DisposeAsync() => _transport.DisposeAsync();
}

using System.Globalization;
using Maestro.Engine.Fabrics.Linux.Inventory;
using Maestro.Engine.Fabrics.Linux.Ssh;
using Maestro.Engine.Fabrics.Simulation.World;
using Maestro.Engine.Model.Distribution;
using Maestro.Engine.Model.Fabric;

namespace Maestro.Simulation.Steering;

/// <summary>The world's gateways and orchestrators as an inventory file would name them.</summary>
internal static class SteeredInventory
{
    public static InventoryFile Of(LabState world) => new()
    {
        Name = "simulation",
        Gateways = [.. world.Gateways.Select((g, index) => new InventoryGateway
        {
            Host = Endpoint(g.Id),
            Site = g.Site,
            Cores = g.Cores,
            Downlinks = [new InventoryDownlink("in0", InventoryKeys.Name(FlowSide.Inside), Address(1, index)), new InventoryDownlink("out0", InventoryKeys.Name(FlowSide.Outside), Address(2, index))],
        })],
        Orchestrators = [.. world.Orchestrators.Select(o => new InventoryOrchestrator
        {
            Host = Endpoint(o.Id),
            Site = o.Site,
            Ports = [.. world.Ports.Where(p => p.Orchestrator == o.Id && p.Type == PortType.Uplink).Select(p => new InventoryPort(p.Id, p.Name, "uplink", InventoryKeys.Name(SideOf(p)), "", ""))],
        })],
        StateSync = new StateSyncSettings(),
    };

    /// <summary>Uplinks take turns: the first is on the inside, the second on the outside.</summary>
    public static FlowSide SideOf(LabPort port) => int.Parse(port.Id.Split('/')[1], CultureInfo.InvariantCulture) % 2 == 1 ? FlowSide.Inside : FlowSide.Outside;

    private static HostEndpoint Endpoint(string id) => new() { Id = id, Address = id, User = "root" };

    private static string Address(int side, int index) => string.Create(CultureInfo.InvariantCulture, $"10.{100 + side}.0.{1 + index}/24");
}

using Maestro.Engine.Model.Distribution;

namespace Maestro.Engine.Fabrics.Linux.Inventory;

/// <summary>What an inventory file says: the hosts, how to reach them, and nothing of groups.</summary>
internal sealed record InventoryFile
{
    public required string Name { get; init; }

    public required IReadOnlyList<InventoryGateway> Gateways { get; init; }

    public required IReadOnlyList<InventoryOrchestrator> Orchestrators { get; init; }

    /// <summary>How members copy their connections to one another; null: nobody keeps copies.</summary>
    public StateSyncSettings? StateSync { get; init; }
}

internal sealed record InventoryGateway
{
    public required Ssh.HostEndpoint Host { get; init; }

    public int Site { get; init; } = 1;

    /// <summary>Null when the host itself is to be asked.</summary>
    public int? Cores { get; init; }

    /// <summary>Empty when the host itself is to be asked.</summary>
    public string Model { get; init; } = "";

    public string Description { get; init; } = "";

    public IReadOnlyList<InventoryDownlink> Downlinks { get; init; } = [];
}

internal sealed record InventoryDownlink(string Interface, string Side, string Address);

internal sealed record InventoryOrchestrator
{
    public required Ssh.HostEndpoint Host { get; init; }

    public int Site { get; init; } = 1;

    public IReadOnlyList<InventoryPort> Ports { get; init; } = [];

    /// <summary>Whether it can stand between the two sides: with an uplink on each.</summary>
    public bool Steers => UplinksOf(FlowSide.Inside).Any() && UplinksOf(FlowSide.Outside).Any();

    public IEnumerable<InventoryPort> UplinksOf(FlowSide side) => Ports.Where(p => p.Type == "uplink" && p.Side == InventoryKeys.Name(side));
}

internal sealed record InventoryPort(string Id, string Interface, string Type, string Side, string Address, string VirtualAddress);

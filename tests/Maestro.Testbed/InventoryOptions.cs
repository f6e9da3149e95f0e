namespace Maestro.Testbeds;

/// <summary>How a bed describes itself in an inventory file.</summary>
public sealed record InventoryOptions
{
    /// <summary>The fabric's name; null is <c>testbed</c>.</summary>
    public string Name { get; init; } = "testbed";

    /// <summary>The account to use, and with it whether sudo is needed.</summary>
    public TestbedAccount Account { get; init; } = TestbedAccount.Sudo;

    /// <summary>Gives the IPv6 management addresses instead of the IPv4 ones.</summary>
    public bool IPv6 { get; init; }

    /// <summary>Gives the addresses that only the jump host can reach, and the jump host.</summary>
    public bool ThroughJumpHost { get; init; }

    /// <summary>Pins each host key in the file. Without it the reader depends on known_hosts.</summary>
    public bool HostKeys { get; init; } = true;

    /// <summary>Names the private key in the file.</summary>
    public bool KeyPath { get; init; } = true;

    /// <summary>Has members copy their connections to one another.</summary>
    public bool StateSync { get; init; }

    /// <summary>What stands under <c>stateSync</c>, as JSON.</summary>
    public string StateSyncSettings { get; init; } = "{}";

    /// <summary>Has the orchestrators share an address of each family on each of their ports: <see cref="Testbed.RouteThroughSharedAsync"/> sends to them.</summary>
    public bool SharedAddresses { get; init; }

    /// <summary>Only these gateways; null is all.</summary>
    public IReadOnlyList<TestbedGateway>? Only { get; init; }
}

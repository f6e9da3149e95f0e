using Maestro.Engine.Clustering.Distribution;

namespace Maestro.Engine.Fabrics.Linux.Inventory;

/// <summary>How the members of a fabric's groups copy connections to one another: the inventory's <c>stateSync</c>.</summary>
internal sealed record StateSyncSettings
{
    public const int UsualPort = 7422;

    /// <summary>What HyperSync waits by default (domain sheet, section 3), in seconds.</summary>
    public const int UsualDelay = 3;

    public const int LongestDelay = 3600;

    /// <summary>A tenth of a processor or so at either end, by what was measured.</summary>
    public const int UsualRate = 2000;

    public const int LowestRate = 10;

    public const int HighestRate = 1_000_000;

    /// <summary>Where each member listens for the copies of the others.</summary>
    public int Port { get; init; } = UsualPort;

    /// <summary>A connection that does not live so long is copied to nobody, in seconds.</summary>
    public int Delay { get; init; } = UsualDelay;

    /// <summary>How many copies a second a member makes of what was there before: after a new table, and each time it goes through all it has. What changes is copied at once.</summary>
    public int Rate { get; init; } = UsualRate;

    /// <summary>Services with a delay of their own.</summary>
    public IReadOnlyList<SyncedService> Services { get; init; } = [];

    /// <summary>How long that connection must live to be copied, in seconds.</summary>
    public int DelayOf(Flow flow) => Services.FirstOrDefault(s => s.Protocol == flow.Protocol && s.Port == flow.DestinationPort)?.Delay ?? Delay;
}

/// <summary>Connections of one protocol to one port, and how long they must live to be copied.</summary>
/// <param name="Protocol">The IP protocol's number.</param>
/// <param name="Port">The destination's, as the client has it.</param>
/// <param name="Delay">In seconds.</param>
internal sealed record SyncedService(byte Protocol, int Port, int Delay);

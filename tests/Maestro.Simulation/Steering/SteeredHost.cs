using Maestro.Engine.Clustering.Distribution;
using Maestro.Engine.Fabrics.Linux.Inventory;
using Maestro.Engine.Fabrics.Simulation.World;
using Maestro.Engine.Model.Groups;

namespace Maestro.Simulation.Steering;

/// <summary>A gateway as a Linux host: what it was told about copies, and whether it sends any. Its kernel's connections are the conversations'.</summary>
internal sealed class SteeredHost(int index, LabGateway gateway, InventoryGateway inventory)
{
    /// <summary>Its bit.</summary>
    public int Index { get; } = index;

    public LabGateway Gateway { get; } = gateway;

    public InventoryGateway Inventory { get; } = inventory;

    public string Id => Gateway.Id;

    public MemberId? Member => Gateway.Group.Length > 0 ? MemberId.Parse(Gateway.Member) : null;

    /// <summary>The table that it copies by; null before it was told one. Lies on its disk.</summary>
    public DistributionTable? Told { get; set; }

    /// <summary>Ids of the members whose copies it takes, and that it sends its own to.</summary>
    public HashSet<string> Peers { get; set; } = [];

    /// <summary>False after a restart, until it is told again or a minute has passed: it has lost what it knew.</summary>
    public bool Sends { get; set; }

    /// <summary>Somebody wanted to tell it of a newer table in vain: until the next change it goes by the one that it has.</summary>
    public bool MissedTelling { get; set; }

    /// <summary>When it last told the others all that they must hold, in ticks.</summary>
    public long WholeAt { get; set; } = long.MinValue / 2;

    private (long Version, long At) _taking;

    /// <summary>A table is on its way by which it gets connections, some of which it may keep copies of.</summary>
    public void Take(long version, long now) => _taking = (version, now);

    /// <summary>Whether no sender takes copies away from it, as <c>statesync.pl</c> has it.</summary>
    public bool IsTaking(long now) => _taking.Version > (Told?.Version ?? 0) && now - _taking.At < TimeSpan.FromMinutes(5).Ticks;

    /// <summary>Without power, as opposed to what only nobody reaches.</summary>
    public bool IsOff { get; set; }

    /// <summary>Since when it answers, in ticks; null while it does not.</summary>
    public long? AnswersSince { get; set; } = 0;

    /// <summary>Its kernel forwards what reaches it, by its policy.</summary>
    public bool Forwards => Gateway.Answers && Gateway.Policy.Running is not null;
}

using Maestro.Engine.Model.Fabric;
using Maestro.Engine.Model.Groups;
using Maestro.Engine.Operations.Leases;
using Newtonsoft.Json;

namespace Maestro.Engine.Fabrics.Simulation.World;

/// <summary>All that a lab's world is made of; what -Path keeps between processes is this and nothing else.</summary>
internal sealed class LabState
{
    public const int CurrentVersion = 1;

    public int Version { get; set; } = CurrentVersion;

    public int Seed { get; set; }

    /// <summary>The virtual moment.</summary>
    public DateTimeOffset Now { get; set; }

    /// <summary>How often this world was opened. Claims of an earlier opening belong to a process that is gone, for one has it at a time.</summary>
    public int Opened { get; set; }

    /// <summary>How often chance was asked, by what it was asked for, so that a world that is loaded again goes on where it was.</summary>
    public SortedDictionary<string, int> Draws { get; } = new(StringComparer.Ordinal);

    /// <summary>Contents of policies that lie with members, by fingerprint.</summary>
    public SortedDictionary<string, string> Contents { get; } = new(StringComparer.Ordinal);

    public List<LabOrchestrator> Orchestrators { get; set; } = [];

    public List<LabPort> Ports { get; set; } = [];

    /// <summary>In order of their ids.</summary>
    public List<LabGateway> Gateways { get; set; } = [];

    /// <summary>In order of their making.</summary>
    public List<LabGroup> Groups { get; set; } = [];

    public List<LabPendingEdit> Pending { get; set; } = [];

    /// <summary>Keys of the newest applies that were accepted: the same step of the same operation does not act again.</summary>
    public List<string> AppliedKeys { get; set; } = [];

    public LabGateway? FindGateway(string id) => Gateways.FirstOrDefault(g => g.Id == id);

    public LabGroup? FindGroup(string name) => Groups.FirstOrDefault(g => g.Name == name);

    /// <summary>The group's gateways in order of their member ids; those that leave are none of them.</summary>
    public IEnumerable<LabGateway> MembersOf(string group) => Gateways.Where(g => group.Length > 0 && g.Group == group).OrderBy(g => MemberId.Parse(g.Member));
}

internal sealed class LabOrchestrator
{
    public string Id { get; set; } = "";

    public int Site { get; set; }

    public string Version { get; set; } = "";

    public int Take { get; set; }

    public string Address { get; set; } = "";

    public OrchestratorState State { get; set; } = OrchestratorState.Up;
}

internal sealed class LabPort
{
    public string Id { get; set; } = "";

    public string Name { get; set; } = "";

    public string Orchestrator { get; set; } = "";

    public int Site { get; set; }

    public PortType Type { get; set; }

    public bool Enabled { get; set; } = true;

    public bool LinkUp { get; set; }

    public int SpeedMegabits { get; set; }

    public string QsfpMode { get; set; } = "";

    public int Mtu { get; set; } = 9000;

    public bool AutoNegotiation { get; set; } = true;

    public string Transceiver { get; set; } = "PLUGGED";
}

internal sealed class LabGroup
{
    public int Id { get; set; }

    public string Name { get; set; } = "";

    public string Description { get; set; } = "";

    public List<string> Ports { get; set; } = [];

    public string ManagementAddress { get; set; } = "";

    public string DefaultGateway { get; set; } = "";

    /// <summary>Stored, never assumed: what the default is, sources disagree about (domain sheet section 2.1).</summary>
    public string Distribution { get; set; } = "General, layer 4";

    /// <summary>The table that the orchestrators go by, as text; empty until somebody asked for it.</summary>
    public string Table { get; set; } = "";

    public int Spare { get; set; } = 1;

    public int CapacityCeiling { get; set; } = 90;

    public LabGroup Copy() => (LabGroup)MemberwiseClone();
}

/// <summary>A policy's number and fingerprint; the content lies in <see cref="LabState.Contents"/>.</summary>
internal sealed record LabGeneration(int Number, string Fingerprint);

/// <summary>What a gateway has of one carriage.</summary>
internal sealed class LabHolding
{
    public LabGeneration? Running { get; set; }

    public LabGeneration? Confirmed { get; set; }

    public List<LabGeneration> Staged { get; set; } = [];

    public LabRevert? Revert { get; set; }

    public LabGeneration? Reverted { get; set; }

    public LabHolding Copy() => (LabHolding)MemberwiseClone();

    public void Forget()
    {
        Running = null;
        Confirmed = null;
        Revert = null;
        Reverted = null;
        Staged.Clear();
    }
}

/// <summary>An armed revert timer.</summary>
internal sealed record LabRevert(LabGeneration Generation, DateTimeOffset Due);

/// <summary>A step of a gateway's life that is still to come.</summary>
internal sealed class LabTransition
{
    public DateTimeOffset Due { get; set; }

    public MemberState To { get; set; }

    /// <summary>Fetches the group's policy from the SMO when it gets there.</summary>
    public bool PullsPolicy { get; set; }

    /// <summary>Comes up from disk: the kernel holds what was confirmed.</summary>
    public bool Boots { get; set; }

    /// <summary>Goes back to the pool.</summary>
    public bool Leaves { get; set; }
}

internal sealed class LabGateway
{
    public string Id { get; set; } = "";

    public int Site { get; set; }

    public string Model { get; set; } = "";

    public string Version { get; set; } = "";

    public int Cores { get; set; }

    public string Address { get; set; } = "";

    public string Description { get; set; } = "";

    public List<string> Downlinks { get; set; } = [];

    /// <summary>The group; empty in the pool.</summary>
    public string Group { get; set; } = "";

    public string Member { get; set; } = "";

    public string MemberDescription { get; set; } = "";

    /// <summary>The group and member that it is leaving, which it no longer belongs to but is still shown in; empty when it leaves none.</summary>
    public string LeavingGroup { get; set; } = "";

    public string LeavingMember { get; set; } = "";

    public int? Weight { get; set; }

    public MemberState State { get; set; } = MemberState.Detached;

    public DateTimeOffset Since { get; set; }

    /// <summary>Who took it out by hand; empty when nobody did. Survives restarts.</summary>
    public string SuspendedBy { get; set; } = "";

    public string Reason { get; set; } = "";

    /// <summary>Critical devices that report a problem; while there is one, no hand brings the member up.</summary>
    public List<string> Pnotes { get; set; } = [];

    public DateTimeOffset? UnreachableSince { get; set; }

    public string LastRestartKey { get; set; } = "";

    public List<LabTransition> Transitions { get; set; } = [];

    public LabGeneration? Running { get => Policy.Running; set => Policy.Running = value; }

    public LabGeneration? Confirmed { get => Policy.Confirmed; set => Policy.Confirmed = value; }

    public List<LabGeneration> Staged { get => Policy.Staged; set => Policy.Staged = value; }

    /// <summary>The generation that it takes back by itself, and when; null when nothing is armed.</summary>
    public LabRevert? Revert { get => Policy.Revert; set => Policy.Revert = value; }

    /// <summary>The generation that its timer took back; null when the last one was not.</summary>
    public LabGeneration? Reverted { get => Policy.Reverted; set => Policy.Reverted = value; }

    /// <summary>Kept by the five above, as worlds have had it from the beginning.</summary>
    [JsonIgnore]
    public LabHolding Policy { get; private set; } = new();

    public LabHolding Configuration { get; set; } = new();

    /// <summary>The values of a gateway's items, by what people call them: files, kernel settings, host name, addresses, routes.</summary>
    public SortedDictionary<string, string> Items { get; set; } = new(StringComparer.Ordinal);

    /// <summary>The highest epoch accepted; never falls, whatever group the gateway is in.</summary>
    public long Epoch { get; set; }

    public LabHolder? Holder { get; set; }

    /// <summary>Whether its management answers: the network reaches it and it is not booting.</summary>
    [JsonIgnore]
    public bool Answers => UnreachableSince is null && State != MemberState.Booting;

    /// <summary>Whether it carries traffic.</summary>
    [JsonIgnore]
    public bool Carries => UnreachableSince is null && State == MemberState.Active;

    public LabGateway Copy()
    {
        var copy = (LabGateway)MemberwiseClone();
        copy.Policy = Policy.Copy();
        copy.Configuration = Configuration.Copy();
        return copy;
    }
}

/// <summary>A claim as it lies with one gateway.</summary>
internal sealed class LabHolder
{
    public LeaseOwner Owner { get; set; } = null!;

    public string OperationId { get; set; } = "";

    public string Resource { get; set; } = "";

    public DateTimeOffset Since { get; set; }

    public DateTimeOffset Until { get; set; }

    /// <summary><see cref="LabState.Opened"/> when it was taken.</summary>
    public int Opened { get; set; }
}

internal sealed class LabPendingEdit
{
    public TopologyEdit Edit { get; set; } = null!;

    /// <summary>Empty when it was not one of Maestro's.</summary>
    public string OperationId { get; set; } = "";

    public string StagedBy { get; set; } = "";

    public DateTimeOffset StagedAt { get; set; }
}

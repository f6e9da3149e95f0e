using Maestro.Engine.Model.Fabric;
using Maestro.Engine.Model.Groups;

namespace Maestro.Engine.Fabrics.Simulation.World;

/// <summary>All that a lab's world is made of; what -Path keeps between processes is this and nothing else.</summary>
internal sealed class LabState
{
    public int Version { get; set; } = 1;

    public int Seed { get; set; }

    /// <summary>The virtual moment.</summary>
    public DateTimeOffset Now { get; set; }

    /// <summary>How many draws of chance were made, so that a world that is loaded again goes on where it was.</summary>
    public int Draws { get; set; }

    public List<LabOrchestrator> Orchestrators { get; set; } = [];

    public List<LabPort> Ports { get; set; } = [];

    public List<LabGateway> Gateways { get; set; } = [];

    public List<LabGroup> Groups { get; set; } = [];

    public List<LabPendingEdit> Pending { get; set; } = [];

    public int LastGroupId { get; set; }
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

    public int Spare { get; set; } = 1;

    public int CapacityCeiling { get; set; } = 90;

    /// <summary>What the SMO hands to members that come up.</summary>
    public LabGeneration? Policy { get; set; }

    public LabGroup Copy() => (LabGroup)MemberwiseClone();
}

internal sealed class LabGeneration
{
    public int Number { get; set; }

    public string Fingerprint { get; set; } = "";

    public string Content { get; set; } = "";
}

/// <summary>A step of a gateway's life that is still to come.</summary>
internal sealed class LabTransition
{
    public DateTimeOffset Due { get; set; }

    public MemberState To { get; set; }

    /// <summary>Fetches the group's policy when it gets there.</summary>
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

    public int? Weight { get; set; }

    public MemberState State { get; set; } = MemberState.Detached;

    public DateTimeOffset Since { get; set; }

    public string SuspendedBy { get; set; } = "";

    public string Reason { get; set; } = "";

    public bool Reachable { get; set; } = true;

    public string LastRestartKey { get; set; } = "";

    public List<LabTransition> Transitions { get; set; } = [];

    public LabGeneration? Running { get; set; }

    public LabGeneration? Confirmed { get; set; }

    public List<LabGeneration> Staged { get; set; } = [];

    public long Epoch { get; set; }

    public LabHolder? Holder { get; set; }

    public LabGateway Copy() => (LabGateway)MemberwiseClone();
}

internal sealed class LabHolder
{
    public Operations.Leases.LeaseOwner Owner { get; set; } = null!;

    public string OperationId { get; set; } = "";

    public DateTimeOffset Since { get; set; }

    public DateTimeOffset Until { get; set; }
}

internal sealed class LabPendingEdit
{
    public TopologyEdit Edit { get; set; } = null!;

    public string OperationId { get; set; } = "";

    public string StagedBy { get; set; } = "";

    public DateTimeOffset StagedAt { get; set; }
}

namespace Maestro.Simulation.Workload;

/// <summary>What operators and runbooks want. The names stand in kept scenarios: add, never rename.</summary>
internal enum Intent
{
    NewGroup,
    SetGroup,
    RemoveGroup,
    AddMember,
    ReplaceMember,
    RemoveMember,
    MoveMember,
    SetMember,
    SetGateway,
    Suspend,
    Resume,
    Restart,
    SyncPolicy,
    HealPolicy,
    StageOnly,
    Publish,
    UndoPending,
    SetPort,

    /// <summary>Looks at the world as a person would.</summary>
    Look,

    /// <summary>Asks a running operation to pause; goes on with one at rest; ends one; takes one back.</summary>
    PauseOperation,
    ResumeOperation,
    StopOperation,
    UndoOperation,

    /// <summary>A sync that is held for a last word, prepared only, or under a timer of another length.</summary>
    HoldPolicy,

    /// <summary>A sync that may leave members behind, and one that asks questions before it is decided.</summary>
    ModePolicy,
    ProbePolicy,

    /// <summary>A configuration of the workload's own, held or not; the one that is there, after somebody has changed an item by hand.</summary>
    SyncConfiguration,
    HealConfiguration,

    /// <summary>Other rules, or another number of slots, of a steered group.</summary>
    Distribute,

    /// <summary>Another weight of a member of one.</summary>
    Weigh,
}

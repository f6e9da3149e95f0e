namespace Maestro.Engine.Operations.Steps;

/// <summary>The stable names of the kinds of step. They stand in journals and stored plans: add, never rename.</summary>
internal static class StepKinds
{
    public const string TopologyStage = "topology.stage";
    public const string TopologyApply = "topology.apply";
    public const string TopologyDiscard = "topology.discard";
    public const string TopologyRestore = "topology.restore";
    public const string PortSet = "port.set";
    public const string MemberAwait = "member.await";
    public const string MemberActivate = "member.activate";
    public const string MemberSuspend = "member.suspend";
    public const string MemberResume = "member.resume";
    public const string MemberRestart = "member.restart";
    public const string PolicyStage = "policy.stage";
    public const string PolicyCommit = "policy.commit";
    public const string PolicyCheck = "policy.check";
    public const string PolicyExtend = "policy.extend";
    public const string PolicyConfirm = "policy.confirm";
    public const string PolicyRevert = "policy.revert";
    public const string PolicyAgree = "policy.agree";
    public const string Probe = "probe";
    public const string GroupHealth = "group.health";
    public const string TrafficRules = "traffic.rules";
    public const string TrafficFailover = "traffic.failover";
    public const string TrafficYield = "traffic.yield";
    public const string ConfigurationStage = "configuration.stage";
    public const string ConfigurationCommit = "configuration.commit";
    public const string ConfigurationCheck = "configuration.check";
    public const string ConfigurationExtend = "configuration.extend";
    public const string ConfigurationConfirm = "configuration.confirm";
    public const string ConfigurationRevert = "configuration.revert";
    public const string ConfigurationAgree = "configuration.agree";
    public const string ConfigurationRecord = "configuration.version.record";
    public const string ConfigurationClose = "configuration.version.confirm";
    public const string ConfigurationWithdraw = "configuration.version.revert";
    public const string VersionRecord = "version.record";
    public const string VersionConfirm = "version.confirm";
    public const string VersionRevert = "version.revert";
}

/// <summary>The names of step arguments.</summary>
internal static class StepArgumentNames
{
    public const string Edits = "edits";
    public const string IncludeForeign = "includeForeign";
    public const string Groups = "groups";
    public const string Operation = "operation";
    public const string Generation = "generation";
    public const string Fingerprint = "fingerprint";
    public const string Connections = "connections";
    public const string RevertAfter = "revertAfter";
    public const string PrepareOnly = "prepareOnly";
    public const string Hold = "hold";
    public const string Mode = "mode";
    public const string Probe = "probe";
    public const string Carrying = "carrying";
    public const string Spare = "spare";
    public const string Source = "source";
    public const string Commit = "commit";
    public const string Dirty = "dirty";
    public const string Parent = "parent";
    public const string Restores = "restores";
    public const string Drain = "drain";
    public const string Reason = "reason";
    public const string Leaving = "leaving";
    public const string LeavesFor = "leavesFor";
    public const string Along = "along";
    public const string Lost = "lost";
    public const string Orchestrator = "orchestrator";
    public const string NotYet = "notYet";
    public const string Unguarded = "unguarded";
    public const string SettleTimeout = "settleTimeout";
    public const string CallTimeout = "callTimeout";
    public const string Since = "since";
    public const string Carried = "carried";
    public const string States = "states";
    public const string Port = "port";
    public const string Type = "type";
    public const string Enabled = "enabled";
    public const string Mtu = "mtu";
    public const string QsfpMode = "qsfpMode";
    public const string Layer4 = "layer4";
    public const string SlotCount = "slotCount";
    public const string AutoNegotiation = "autoNegotiation";
}

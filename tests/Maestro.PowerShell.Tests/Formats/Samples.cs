namespace Maestro.PowerShell.Tests.Formats;

/// <summary>Objects as a user meets them, good days and bad ones.</summary>
internal static class Samples
{
    private const string Hash = "3f9c1a2e5b7d90114422aa55ee77cc0088990011223344556677889900aabbcc";
    private const string OldHash = "77aa0c195b7d90114422aa55ee77cc0088990011223344556677889900aabbcc";

    public static IReadOnlyList<string> Names { get; } =
    [
        "SecurityGroup", "GroupMember", "PendingChange", "Gateway", "Orchestrator", "OrchestratorPort",
        "MaestroOperation", "OperationStep", "SyncReport", "MemberSyncResult", "PolicyVersion", "PolicyDifference", "ConfigurationVersion", "ConfigurationDifference", "MaestroSession",
        "GroupDistribution", "GroupStateSync", "FlowPlacement", "MaestroEvent", "GroupHealth",
    ];

    public static object[] Of(string name) => name switch
    {
        "SecurityGroup" => Groups(),
        "GroupMember" => Members(),
        "PendingChange" => Changes(),
        "Gateway" => Gateways(),
        "Orchestrator" => Orchestrators(),
        "OrchestratorPort" => Ports(),
        "MaestroOperation" => Operations(),
        "OperationStep" => Steps(),
        "SyncReport" => Reports(),
        "MemberSyncResult" => Results(),
        "PolicyVersion" => Versions(),
        "PolicyDifference" => Differences(),
        "ConfigurationVersion" => Configurations(),
        "ConfigurationDifference" => Items(),
        "MaestroSession" => Sessions(),
        "GroupDistribution" => Distributions(),
        "GroupStateSync" => StateSyncs(),
        "FlowPlacement" => Placements(),
        "MaestroEvent" => Events(),
        "GroupHealth" => Healths(),
        _ => throw new ArgumentException(name),
    };

    // Local by construction, so that what is shown does not depend on where the tests run.
    private static DateTimeOffset At(int hour, int minute) => new(new DateTime(2025, 3, 4, hour, minute, 7, DateTimeKind.Local));

    private static object[] Distributions() =>
    [
        Distribution("dmz", 1, 171, 33.4, 100, 31204L, 3_120_400_000L),
        Distribution("dmz", 2, 0, 0.0, 0, null, null),
    ];

    private static object Distribution(string group, int number, int slots, double share, int weight, long? flows, long? bytes) => EngineObject.Make(
        "Distribution.GroupDistribution",
        ("SecurityGroup", group), ("Member", $"1_{number}"), ("Site", 1), ("Number", number), ("Slots", slots), ("BackupSlots", slots), ("SlotCount", 512), ("SharePercent", share), ("Weight", weight),
        ("FlowCount", flows), ("BytesPerSecond", bytes), ("Mode", "AutoTopology"), ("Layer4", number == 1), ("TableVersion", 1204L), ("OutOfStep", new[] { "mho2 goes by version 1203" }), ("Session", "fra"));

    private static object[] StateSyncs() =>
    [
        StateSync(1, 31204L, 15602L, TimeSpan.FromMilliseconds(12), 0L, ""),
        StateSync(2, 0L, 0L, TimeSpan.FromMinutes(20), 118L, "it does not reach 1_1; it does not reach 1_3"),
        StateSync(4, null, null, null, null, "no answer for 4m12s"),
    ];

    private static object StateSync(int number, long? owned, long? backedUp, TimeSpan? lag, long? unprotected, string reason) => EngineObject.Make(
        "Distribution.GroupStateSync",
        ("SecurityGroup", "dmz"), ("Member", $"1_{number}"), ("Site", 1), ("Number", number), ("Owned", owned), ("BackedUp", backedUp), ("Lag", lag), ("Unprotected", unprotected), ("Reason", reason), ("Session", "fra"));

    private static object[] Placements() =>
    [
        EngineObject.Make("Distribution.FlowPlacement", ("SecurityGroup", "dmz"), ("Member", "1_1"), ("Backup", new[] { "1_2", "2_1" }), ("Slot", 65535), ("Reason", "General, layer 4: slot 65535 of 65536, table version 1204; the answers reach the same member"), ("Session", "fra")),
        EngineObject.Make("Distribution.FlowPlacement", ("SecurityGroup", "edge"), ("Member", ""), ("Slot", 0), ("Reason", "nobody carries the group's traffic"), ("Session", "fra")),
    ];

    private static object[] Healths() =>
    [
        EngineObject.Make("Monitoring.GroupHealth", ("SecurityGroup", "dmz"), ("Grade", "OK"), ("ActiveCount", 4), ("MemberCount", 4), ("SpareSatisfied", true), ("SpareMargin", 0), ("SmoMaster", "1_1"), ("LoadPercent", 38.4),
            ("CapacityPercentAfterLoss", 51.2), ("ProtectedPercent", 99.9), ("PolicyAgrees", true), ("ConfigurationAgrees", true), ("Reason", "4 active - 0 leaving - 1 spare = 3 to carry the load at 51.2 % each, ceiling 90 %"), ("Session", "fra")),
        EngineObject.Make("Monitoring.GroupHealth", ("SecurityGroup", "edge"), ("Grade", "Critical"), ("ActiveCount", 1), ("MemberCount", 3), ("SpareSatisfied", false), ("SpareMargin", -1), ("SmoMaster", "2_1"), ("LoadPercent", 104.0),
            ("PolicyAgrees", false), ("Since", At(3, 2)), ("Reason", "no N+1: 1 active - 0 leaving - 1 spare = 0 to carry the load; 1_1 is Lost: no answer for 4m12s"), ("Hold", "unsettled: 1_2 (SyncPolicy k3f9-7qtd)"), ("Session", "fra")),
        EngineObject.Make("Monitoring.GroupHealth", ("SecurityGroup", "lan"), ("Grade", "Unknown"), ("ActiveCount", 0), ("MemberCount", 12), ("Reason", "none of 12 members answers: no route to host"), ("Session", "fra")),
    ];

    private static object[] Events() =>
    [
        Event(2, "Information", "WatchBegan", "", "3 of 4 members active; 1_4 Suspended: disk swap CHG0042", ""),
        Event(3, "Error", "MemberLost", "1_2", "1_2 silent to this controller (300 ms) and mho1 (400 ms)", ""),
        Event(3, "Warning", "FailedOver", "", "version 1205; 171 slots move: 1_2 to 1_1 86, 1_2 to 1_3 85; 0 connections were copied before it and 0 since", "k3f9-a2bq"),
    ];

    private static object Event(int minute, string severity, string kind, string member, string text, string operation) => EngineObject.Make(
        "Monitoring.MaestroEvent",
        ("Time", At(3, minute)), ("SecurityGroup", "dmz"), ("Member", member), ("Kind", kind), ("Severity", severity), ("Text", text), ("Operation", operation), ("Session", "fra"));

    private static object[] Groups() =>
    [
        EngineObject.Make("Groups.SecurityGroup", ("Id", 1), ("Name", "dmz"), ("State", "Degraded"), ("ActiveCount", 3), ("MemberCount", 4), ("Site", new[] { 1, 2 }), ("SmoMaster", "1_1"),
            ("PolicyVersion", 41), ("PolicyFingerprint", Hash), ("ConfigurationVersion", 7), ("ConfigurationFingerprint", OldHash), ("Distribution", "General, layer 4"), ("PendingCount", 2),
            ("Port", new[] { "1/5/1", "1/6/1", "1/7/1", "1/8/1", "2/5/1" }), ("Description", "web servers"), ("Session", "fra")),
        EngineObject.Make("Groups.SecurityGroup", ("Id", 12), ("Name", "edge"), ("State", "Empty"), ("Session", "fra")),
    ];

    private static object[] Members() =>
    [
        Member("dmz", 1, 1, "Active", ("IsSmoMaster", true), ("SharePercent", 50.2), ("LoadPercent", 38.4), ("ConnectionCount", 31204L)),
        Member("dmz", 1, 3, "Suspended", ("SuspendedBy", "anna"), ("Reason", "anna: disk swap CHG0042"), ("SharePercent", 0.0), ("LoadPercent", 0.0), ("ConnectionCount", 0L)),
        Member("dmz", 1, 4, "Down", ("Reason", "no answer for 4m12s, and before that it lost two of its four downlinks"), ("PolicyVersion", 40), ("PolicyFingerprint", OldHash)),
        Member("edge", 2, 1, "Ready", ("PolicyVersion", null), ("PolicyFingerprint", "")),
        Member("edge", 2, 2, "Joining", ("PolicyFingerprint", "")),
    ];

    private static object Member(string group, int site, int number, string state, params (string, object?)[] more) => EngineObject.Make(
        "Groups.GroupMember",
        [("SecurityGroup", group), ("Member", $"{site}_{number}"), ("Site", site), ("Number", number), ("Gateway", $"fw-a{number}"), ("State", state), ("Version", "Debian GNU/Linux 12 (bookworm)"),
            ("PolicyVersion", 41), ("PolicyFingerprint", Hash), ("Since", At(3, 2)), ("Session", "fra"), .. more]);

    private static object[] Changes() =>
    [
        EngineObject.Make("Groups.PendingChange", ("SecurityGroup", "dmz"), ("Gateway", "fw-a5"), ("Property", "SecurityGroup"), ("Pending", "dmz"), ("Origin", "Own"), ("StagedBy", "maestro"), ("StagedAt", At(9, 5))),
        EngineObject.Make("Groups.PendingChange", ("SecurityGroup", "edge"), ("Property", "Description"), ("Deployed", "old"), ("Pending", "a description that is far too long"), ("Origin", "Foreign")),
    ];

    private static object[] Gateways() =>
    [
        EngineObject.Make("Fabric.Gateway", ("Id", "9101AY1101"), ("State", "Assigned"), ("SecurityGroup", "dmz"), ("Member", "1_1"), ("Site", 1), ("Model", "Quantum 9100"), ("Version", "R82"),
            ("CoreCount", 8), ("Downlink", new[] { "1/20/1", "2/20/1" }), ("Description", "rack A")),
        EngineObject.Make("Fabric.Gateway", ("Id", "fw-a2"), ("State", "Unreachable"), ("Site", 2), ("Model", "PowerEdge R660"), ("Version", "Debian 12"), ("Description", "rack B"), ("Reason", "no answer for 4m12s")),
        EngineObject.Make("Fabric.Gateway", ("Id", "fw-a3"), ("State", "Unassigned"), ("Site", 2), ("Downlink", new[] { "eth1" })),
    ];

    private static object[] Orchestrators() =>
    [
        EngineObject.Make("Fabric.Orchestrator", ("Id", "1_1"), ("Site", 1), ("State", "Up"), ("Role", "Primary"), ("Version", "R82"), ("Take", 25), ("Trust", "Authenticated"), ("Address", "192.0.2.1")),
        EngineObject.Make("Fabric.Orchestrator", ("Id", "1_2"), ("Site", 1), ("State", "Unreachable"), ("Trust", "Untrusted"), ("Address", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff")),
    ];

    private static object[] Ports() =>
    [
        EngineObject.Make("Fabric.OrchestratorPort", ("Id", "1/5/1"), ("Name", "eth1-05"), ("Orchestrator", "1_1"), ("Site", 1), ("Type", "Uplink"), ("LinkUp", true), ("SpeedMegabits", 10_000), ("Mtu", 9000),
            ("Transceiver", "PLUGGED"), ("SecurityGroup", new[] { "dmz", "edge" })),
        EngineObject.Make("Fabric.OrchestratorPort", ("Id", "1/20/1"), ("Orchestrator", "1_1"), ("Site", 1), ("Type", "Downlink"), ("SpeedMegabits", 2500), ("QsfpMode", "4x25G")),
        EngineObject.Make("Fabric.OrchestratorPort", ("Id", "2/40/1"), ("Name", "eth2-Mgmt1"), ("Orchestrator", "1_2"), ("Site", 1), ("Type", "Management"), ("Enabled", false), ("SpeedMegabits", 100), ("Side", "outside")),
    ];

    private static object[] Operations() =>
    [
        EngineObject.Make("Operations.MaestroOperation", ("Id", "k3f9-7qtd"), ("Kind", "SyncPolicy"), ("SecurityGroup", "dmz"), ("State", "Failed"), ("Changed", true), ("Reason", "member 1_4 does not answer; the others were put back"),
            ("Message", "CHG0042"), ("Owner", "anna@jump1"), ("Token", "b1946ac9"), ("StartedAt", At(22, 0)), ("EndedAt", At(22, 1)), ("Duration", TimeSpan.FromSeconds(65)), ("StepsDone", 12), ("StepsTotal", 14),
            ("Step", Steps()), ("Decision", new[] { "member 1_1: gets #42", "member 1_4: gets #42" }), ("Session", "fra")),
        EngineObject.Make("Operations.MaestroOperation", ("Id", "m7hc-0x2k"), ("Kind", "PublishPendingChange"), ("State", "Succeeded"), ("Changed", true), ("Message", "nightly"), ("Owner", "root@build-runner-0017"),
            ("StartedAt", At(21, 0)), ("Duration", TimeSpan.FromMilliseconds(850)), ("StepsDone", 2), ("StepsTotal", 2)),
        EngineObject.Make("Operations.MaestroOperation", ("Id", "p4um-9xc9"), ("Kind", "AddGroupMember"), ("SecurityGroup", "edge"), ("State", "Running"), ("StartedAt", At(20, 0)), ("Duration", TimeSpan.FromMinutes(125)),
            ("StepsTotal", 3), ("NextStep", "go on with step join/edge/2_2")),
    ];

    private static object[] Steps() =>
    [
        EngineObject.Make("Operations.OperationStep", ("Id", "stage/dmz/1_1"), ("Stage", "stage"), ("Kind", "policy.stage"), ("Subject", "member 1_1"), ("Member", "1_1"), ("Outcome", "Done"), ("Attempt", 1),
            ("Reason", "lies ready as #42 and passes the member's own parser")),
        EngineObject.Make("Operations.OperationStep", ("Id", "stage/dmz/1_4"), ("Stage", "stage"), ("Kind", "policy.stage"), ("Subject", "member 1_4"), ("Member", "1_4"), ("Outcome", "Unknown"), ("Attempt", 3),
            ("Reason", "no answer within 30s"), ("Evidence", "Connection reset by peer")),
        EngineObject.Make("Operations.OperationStep", ("Id", "close"), ("Stage", "close"), ("Kind", "version.confirm"), ("Subject", "version #42"), ("Outcome", "Skipped")),
    ];

    private static object[] Reports() =>
    [
        EngineObject.Make("Policy.SyncReport", ("Id", "k3f9-7qtd"), ("SecurityGroup", "dmz"), ("Outcome", "Reverted"), ("Version", 42), ("PreviousVersion", 41), ("Fingerprint", Hash), ("Member", Results()),
            ("Reason", "1_4 refused it; all others went back to #41"), ("Duration", TimeSpan.FromSeconds(65)), ("Session", "fra")),
        EngineObject.Make("Policy.SyncReport", ("SecurityGroup", "edge"), ("Outcome", "Unchanged"), ("Version", 1), ("PreviousVersion", 1), ("Fingerprint", OldHash), ("Reason", "every member holds it already")),
    ];

    private static object[] Results() =>
    [
        EngineObject.Make("Policy.MemberSyncResult", ("Member", "1_1"), ("Outcome", "Confirmed"), ("Before", OldHash), ("After", Hash), ("Duration", TimeSpan.FromSeconds(5))),
        EngineObject.Make("Policy.MemberSyncResult", ("Member", "1_4"), ("Outcome", "Refused"), ("Reason", "web.nft:12:9: Error: syntax error, unexpected accept"), ("Duration", TimeSpan.FromMilliseconds(90))),
    ];

    private static object[] Versions() =>
    [
        EngineObject.Make("Policy.PolicyVersion", ("SecurityGroup", "dmz"), ("Version", 42), ("Fingerprint", Hash), ("State", "Confirmed"), ("IsCurrent", true), ("CreatedAt", At(9, 5)), ("Author", "anna@jump1"),
            ("Message", "CHG0042: the shop moves to its new addresses tonight"), ("Source", "/srv/policy/web.nft"), ("Commit", "8c1d44e0aa7b20f1c95e6d3f8b7a6c5d4e3f2a1b"), ("Dirty", true), ("Parent", 41), ("Session", "fra")),
        EngineObject.Make("Policy.PolicyVersion", ("SecurityGroup", "dmz"), ("Version", 41), ("Fingerprint", OldHash), ("State", "Superseded"), ("CreatedAt", At(9, 4)), ("Author", "anna@jump1"), ("Source", "/srv/policy/web.nft"),
            ("Commit", "77d1e5f0aa7b20f1c95e6d3f8b7a6c5d4e3f2a1b"), ("Parent", 40), ("Session", "fra")),
        EngineObject.Make("Policy.PolicyVersion", ("SecurityGroup", "dmz"), ("Version", 40), ("Fingerprint", Hash), ("State", "Superseded"), ("Recovered", true), ("Session", "fra")),
    ];

    private static object[] Differences() =>
    [
        EngineObject.Make("Policy.PolicyDifference", ("SecurityGroup", "dmz"), ("Member", "1_1"), ("Change", "Changed"), ("Location", "generation"), ("Intended", "#41 3f9c1a2e"), ("Confirmed", "#40 77aa0c19"), ("Actual", "#41 3f9c1a2e"), ("Session", "fra")),
        EngineObject.Make("Policy.PolicyDifference", ("SecurityGroup", "dmz"), ("Member", "1_3"), ("Change", "Extra"), ("Location", "inet web forward"), ("Line", 12), ("Actual", "ip saddr 203.0.113.7 tcp dport 4444 accept"), ("Session", "fra")),
        EngineObject.Make("Policy.PolicyDifference", ("SecurityGroup", "dmz"), ("Member", "1_4"), ("Change", "Missing"), ("Location", "inet web forward"), ("Line", 9), ("Intended", "tcp dport 443 accept"), ("Confirmed", "tcp dport 443 accept"), ("Session", "fra")),
    ];

    private static object[] Configurations() =>
    [
        EngineObject.Make("Configuration.ConfigurationVersion", ("SecurityGroup", "dmz"), ("Version", 7), ("Fingerprint", Hash), ("State", "Confirmed"), ("IsCurrent", true), ("CreatedAt", At(9, 5)), ("Author", "anna@jump1"),
            ("Message", "CHG0043: the shop's gateways answer on their new addresses"), ("Source", "/srv/policy/gateways.json"), ("Commit", "8c1d44e0aa7b20f1c95e6d3f8b7a6c5d4e3f2a1b"), ("Parent", 6), ("Session", "fra")),
        EngineObject.Make("Configuration.ConfigurationVersion", ("SecurityGroup", "dmz"), ("Version", 6), ("Fingerprint", OldHash), ("State", "Reverted"), ("Source", "/srv/policy/gateways.json"), ("Session", "fra")),
    ];

    private static object[] Items() =>
    [
        EngineObject.Make("Configuration.ConfigurationDifference", ("SecurityGroup", "dmz"), ("Member", "1_1"), ("Change", "Changed"), ("Item", "sysctl net.ipv4.conf.all.rp_filter"), ("Intended", "2"), ("Confirmed", "2"), ("Actual", "0"), ("Session", "fra")),
        EngineObject.Make("Configuration.ConfigurationDifference", ("SecurityGroup", "dmz"), ("Member", "1_3"), ("Change", "Missing"), ("Item", "address eth1 192.0.2.11/24"), ("Intended", "present"), ("Confirmed", "present"), ("Session", "fra")),
        EngineObject.Make("Configuration.ConfigurationDifference", ("SecurityGroup", "dmz"), ("Member", "1_4"), ("Change", "Changed"), ("Item", "file /etc/systemd/network/10-maestro-eth1.network"), ("Intended", "644 root:root " + Hash), ("Actual", "600 root:root " + OldHash), ("Session", "fra")),
    ];

    private static object[] Sessions() =>
    [
        EngineObject.Make("Sessions.MaestroSession", ("Name", "fra"), ("Fabric", "Linux"), ("Endpoint", "8 hosts of fra.json"), ("User", "maestro"), ("Store", "/var/lib/maestro/fra.db"), ("IsDefault", true), ("ReadOnly", true),
            ("ConnectedAt", At(8, 0)), ("Capability", new[] { "Topology", "MemberActions", "PolicyCarrier", "Suspend", "Restart" })),
        EngineObject.Make("Sessions.MaestroSession", ("Name", "lab"), ("Fabric", "Lab"), ("Endpoint", "lab (seed 1)"), ("User", "lab"), ("Store", "memory")),
    ];
}

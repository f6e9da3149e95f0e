using System.Globalization;
using System.Net;
using Maestro.Engine.Clustering.Distribution.Nat;
using Maestro.Engine.Clustering.Membership;
using Maestro.Engine.Fabrics.Linux.Inventory;
using Maestro.Engine.Fabrics.Linux.Traffic;
using Maestro.Engine.Model.Distribution;
using Maestro.Engine.Model.Fabric;
using Maestro.Engine.Model.Groups;

namespace Maestro.Engine.Fabrics.Linux;

/// <summary>How Linux hosts look to who asks.</summary>
internal static class LinuxViews
{
    public static TopologyView View(InventoryFile inventory, IReadOnlyList<HostObservation> seen, LinuxState state, DateTimeOffset now, SteeringOverview? steering = null)
    {
        var members = seen.Select(s => Member(s, state)).Where(m => m is not null).Select(m => m!).ToList();
        return new TopologyView
        {
            ObservedAt = now,
            Orchestrators = [.. inventory.Orchestrators.Select(o => new Orchestrator { Id = o.Host.Id, Site = o.Site, Address = o.Host.ToString(), Role = "Linux", State = StateOf(o, steering) })],
            Ports = [.. inventory.Orchestrators.SelectMany(o => o.Ports.Select(p => new OrchestratorPort { Id = p.Id, Name = p.Interface, Orchestrator = o.Host.Id, Site = o.Site, Type = TypeOf(p.Type), Side = p.Side, SecurityGroup = [.. state.Groups.Values.Where(g => g.Ports.Split(',').Contains(p.Id)).Select(g => g.Name)] }))],
            Gateways = [.. seen.OrderBy(s => s.Gateway.Host.Id, StringComparer.Ordinal).Select(s => Gateway(s, state))],
            Groups = [.. state.Groups.Values.Select(g => Group(g, seen, state) with { Distribution = steering is not null && steering.Rules.TryGetValue(g.Id, out var own) ? own.Words : "" })],
            Members = [.. members.OrderBy(m => m.SecurityGroup, StringComparer.Ordinal).ThenBy(m => new MemberId(m.Site, m.Number))],
            Downlinks = [.. inventory.Gateways.SelectMany(g => g.Downlinks.Select(d => new MemberDownlink(g.Host.Id, d.Interface, SideOf(d.Side), AddressOf(d.Address))))],
        };
    }

    private static FlowSide? SideOf(string side) => side == InventoryKeys.Name(FlowSide.Inside) ? FlowSide.Inside : side == InventoryKeys.Name(FlowSide.Outside) ? FlowSide.Outside : null;

    private static IPAddress? AddressOf(string address) => IPAddress.TryParse(address.Split('/')[0], out var own) ? own : null;

    /// <summary>One that steers nothing is not asked.</summary>
    private static OrchestratorState StateOf(InventoryOrchestrator orchestrator, SteeringOverview? steering) =>
        steering is null || !steering.Answers.TryGetValue(orchestrator.Host.Id, out var answers) ? OrchestratorState.Unknown : answers ? OrchestratorState.Up : OrchestratorState.Unreachable;

    public static PendingChange Change(LinuxPendingEdit pending, TopologyView deployed)
    {
        var edit = pending.Edit;
        var group = deployed.Groups.FirstOrDefault(g => g.Name == edit.SecurityGroup);
        var gateway = deployed.Gateways.FirstOrDefault(g => g.Id == edit.Gateway);
        var member = deployed.Members.FirstOrDefault(m => m.Gateway == edit.Gateway);
        var (property, before, after) = edit.Kind switch
        {
            TopologyEditKind.CreateGroup => ("SecurityGroup", group?.Name ?? "", edit.SecurityGroup),
            TopologyEditKind.DeleteGroup => ("SecurityGroup", edit.SecurityGroup, ""),
            TopologyEditKind.SetGroup => (edit.Property, group is null ? "" : TopologyEdits.GroupProperty(group, edit.Property) ?? "", edit.Value),
            TopologyEditKind.AssignGateway => ("Member", gateway?.Member ?? "", $"{edit.SecurityGroup} {edit.Member}"),
            TopologyEditKind.UnassignGateway => ("Member", $"{edit.SecurityGroup} {edit.Member}", ""),
            TopologyEditKind.SetGateway => (edit.Property, gateway?.Description ?? "", edit.Value),
            _ => (edit.Property, member is null ? "" : TopologyEdits.MemberProperty(member, edit.Property) ?? "", edit.Value),
        };
        return new PendingChange
        {
            SecurityGroup = edit.SecurityGroup,
            Gateway = edit.Gateway,
            Property = property,
            Deployed = before,
            Pending = after,
            StagedBy = pending.StagedBy,
            StagedAt = pending.StagedAt,
            Operation = pending.OperationId,
        };
    }

    private static Gateway Gateway(HostObservation seen, LinuxState state)
    {
        var inventory = seen.Gateway;
        state.Assignments.TryGetValue(inventory.Host.Id, out var assignment);
        var assigned = assignment is { Group.Length: > 0 };
        return new Gateway
        {
            Id = inventory.Host.Id,
            State = !seen.Answered ? GatewayState.Unreachable : !assigned ? GatewayState.Unassigned : StateOf(seen) != MemberState.Joining ? GatewayState.Assigned : GatewayState.Joining,
            SecurityGroup = assigned ? assignment!.Group : "",
            Member = assigned ? assignment!.Member : "",
            Site = inventory.Site,
            Model = inventory.Model.Length > 0 ? inventory.Model : seen.Answer.Value("model"),
            Version = seen.Answer.Value("os"),
            CoreCount = inventory.Cores ?? (int.TryParse(seen.Answer.Value("cores"), NumberStyles.None, CultureInfo.InvariantCulture, out var cores) ? cores : null),
            Downlink = [.. inventory.Downlinks.Select(d => d.Interface).Distinct()],
            Address = inventory.Host.ToString(),
            Description = state.GatewayDescriptions.TryGetValue(inventory.Host.Id, out var description) ? description : inventory.Description,
            Kernel = seen.Answer.Value("kernel"),
            NftVersion = seen.Answer.Value("nft"),
            Reason = !seen.Answered ? seen.Silence : assigned ? "" : LeftBehind(seen),
            RawState = seen.File("member").TryGetValue("state", out var raw) ? raw : "",
        };
    }

    /// <summary>What a host still carries of a membership that ended without it; empty for one that carries nothing.</summary>
    private static string LeftBehind(HostObservation seen)
    {
        if (!seen.File("member").TryGetValue("id", out var member)) return "";
        seen.File("group").TryGetValue("name", out var group);
        var policy = seen.Running is { } running ? $"policy #{running.ToString(CultureInfo.InvariantCulture)}" : "no policy of the group";
        return $"left behind: it was taken out of '{group}' as {member} while it did not answer, and still carries its files, its boot step and {policy}; Add-GroupMember cleans it";
    }

    private static GroupMember? Member(HostObservation seen, LinuxState state)
    {
        if (!state.Assignments.TryGetValue(seen.Gateway.Host.Id, out var assignment) || assignment.Group.Length == 0) return null;
        var id = MemberId.TryParse(assignment.Member, out var parsed) ? parsed : new MemberId(seen.Gateway.Site, 0);
        var file = seen.File("member");
        return new GroupMember
        {
            SecurityGroup = assignment.Group,
            Member = assignment.Member,
            Site = id.Site,
            Number = id.Number,
            Gateway = seen.Gateway.Host.Id,
            State = seen.Answered ? StateOf(seen) : MemberState.Lost,
            Reason = seen.Answered ? Reason(seen) : seen.Silence,
            SuspendedBy = seen.Answered ? Suspension(seen).Split(':')[0] : "",
            // Of what the file says; a restart, or what is held back after one, is no state that was written down.
            Since = StateOf(seen) is not (MemberState.Booting or MemberState.Held) && file.TryGetValue("since", out var since) && long.TryParse(since, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null,
            Weight = int.TryParse(assignment.Weight, NumberStyles.None, CultureInfo.InvariantCulture, out var weight) ? weight : null,
            ConnectionCount = seen.Connections,
            PolicyVersion = seen.Running,
            PolicyFingerprint = seen.Proven,
            ConfigurationVersion = seen.Configuration.Running,
            ConfigurationFingerprint = seen.Configuration.Proven,
            Model = seen.Answer.Value("model"),
            Version = seen.Answer.Value("os"),
            RawState = file.TryGetValue("state", out var raw) ? raw : "",
            Description = assignment.Description,
        };
    }

    private static string Reason(HostObservation seen)
    {
        if (Restarting(seen) is { Length: > 0 } restarting) return restarting;
        if (Suspension(seen) is { Length: > 0 } suspension) return suspension;
        if (seen.Running is not null && seen.Proven.Length == 0) return "policy not proven: " + seen.Answer.Word("unproven");
        if (seen.Configuration is { Running: not null, Proven.Length: 0, Unproven: var different }) return "configuration not proven: " + different;
        return seen.Answer.Word("held") is { Length: > 0 } held ? held : StateOf(seen) == MemberState.Joining ? "joins" : "";
    }

    private static MemberState StateOf(HostObservation seen) =>
        (seen.File("member").TryGetValue("state", out var state) ? state : "") switch
        {
            not "" when Restarting(seen).Length > 0 => MemberState.Booting,
            "suspended" => MemberState.Suspended,
            "draining" => MemberState.Draining,
            "active" => seen.Answer.Value("held").Length > 0 ? MemberState.Held : MemberState.Active,
            _ => MemberState.Joining,
        };

    private static string Restarting(HostObservation seen) => seen.Answer.Word("restarting");

    /// <summary>Why it was taken out, as who did it said it: <c>anna@jump1: disk swap</c>; empty when nobody did.</summary>
    private static string Suspension(HostObservation seen) =>
        StateOf(seen) is MemberState.Suspended or MemberState.Draining && seen.File("member").TryGetValue("reason", out var reason) ? reason : "";

    private static SecurityGroup Group(LinuxGroup group, IReadOnlyList<HostObservation> seen, LinuxState state)
    {
        var members = seen.Where(s => state.Assignments.TryGetValue(s.Gateway.Host.Id, out var a) && a.Group == group.Name && s.Answered).ToList();
        var policy = MostCommon(members.Select(m => m.Confirmed));
        var configuration = MostCommon(members.Select(m => m.Configuration.Confirmed));
        return new SecurityGroup
        {
            Id = group.Id,
            Name = group.Name,
            State = SecurityGroupState.Empty,
            PolicyVersion = policy?.Number,
            PolicyFingerprint = policy?.Fingerprint ?? "",
            ConfigurationVersion = configuration?.Number,
            ConfigurationFingerprint = configuration?.Fingerprint ?? "",
            Port = group.Ports.Split([','], StringSplitOptions.RemoveEmptyEntries),
            ManagementAddress = group.ManagementAddress,
            DefaultGateway = group.DefaultGateway,
            Description = group.Description,
            Spare = group.Spare,
            CapacityCeiling = group.CapacityCeiling,
        };
    }

    /// <summary>A group's own is what most of its members would load at a restart; of two as common, the newer.</summary>
    internal static (int Number, string Fingerprint)? MostCommon(IEnumerable<(int Number, string Fingerprint)?> confirmed) =>
        confirmed.Where(c => c is not null).Select(c => c!.Value).GroupBy(c => c).OrderByDescending(g => g.Count()).ThenByDescending(g => g.Key.Number).FirstOrDefault()?.Key;

    private static PortType TypeOf(string type) => type switch
    {
        "uplink" => PortType.Uplink,
        "downlink" => PortType.Downlink,
        "mgmt" => PortType.Management,
        "site_sync" => PortType.SiteSync,
        "ssm_sync" => PortType.InternalSync,
        _ => PortType.Unknown,
    };
}

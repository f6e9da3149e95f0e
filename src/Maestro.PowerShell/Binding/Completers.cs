using System.Collections;
using Maestro.Engine.Clustering.Distribution.Nat;
using Maestro.Engine.Clustering.Membership;
using Maestro.Engine.Synchronisation;
using Maestro.Engine.Model.Monitoring;
using Maestro.Engine.Model.Operations;
using Maestro.PowerShell.Hosting;

namespace Maestro.PowerShell.Binding;

public sealed class SessionCompleter : Completer
{
    private protected override IEnumerable<(string, string)> Candidates(IDictionary bound) =>
        SessionTable.Current.Sessions.Select(s => (s.Name, $"{s.Engine.Traits.Name} {s.Engine.Traits.Endpoint}"));
}

public sealed class SecurityGroupCompleter : Completer
{
    private protected override IEnumerable<(string, string)> Candidates(IDictionary bound) =>
        View(bound)?.Groups.Select(g => (g.Name, $"{g.State}, {g.ActiveCount}/{g.MemberCount} active")) ?? [];
}

/// <summary>Members of the group that was typed before, else of all.</summary>
public sealed class GroupMemberCompleter : Completer
{
    private protected override IEnumerable<(string, string)> Candidates(IDictionary bound)
    {
        if (View(bound) is not { } view) return [];
        var group = GroupTyped(bound, view);
        return view.Members.Where(m => group is null || m.SecurityGroup == group).Select(m => (m.Member, $"{m.State} {m.Gateway} {m.Model} {(group is null ? m.SecurityGroup : "")}".TrimEnd()));
    }
}

/// <summary>All gateways.</summary>
public sealed class GatewayCompleter : Completer
{
    private protected override IEnumerable<(string, string)> Candidates(IDictionary bound) =>
        View(bound)?.Gateways.Select(g => (g.Id, $"{g.State} {g.SecurityGroup} {g.Model}".Replace("  ", " "))) ?? [];
}

/// <summary>Gateways that no group has: what New- and Add- can take.</summary>
public sealed class FreeGatewayCompleter : Completer
{
    private protected override IEnumerable<(string, string)> Candidates(IDictionary bound) =>
        View(bound)?.Gateways.Where(g => g.SecurityGroup.Length == 0).Select(g => (g.Id, $"{g.State} {g.Model}, site {g.Site}")) ?? [];
}

public sealed class OrchestratorCompleter : Completer
{
    private protected override IEnumerable<(string, string)> Candidates(IDictionary bound) =>
        View(bound)?.Orchestrators.Select(o => (o.Id, $"{o.State} {o.Version}")) ?? [];
}

public sealed class PortCompleter : Completer
{
    private protected override IEnumerable<(string, string)> Candidates(IDictionary bound) =>
        View(bound)?.Ports.Select(p => (p.Name.Length > 0 ? p.Name : p.Id, $"{p.Type} of {p.Orchestrator}")) ?? [];
}

public sealed class OperationCompleter : Completer
{
    private protected override IEnumerable<(string, string)> Candidates(IDictionary bound) =>
        Session(bound)?.Engine.LastOperations.Select((MaestroOperation o) => (o.Id, $"{o.State} {o.Kind} {o.SecurityGroup}".TrimEnd())) ?? [];
}

public sealed class OperationKindCompleter : Completer
{
    private protected override IEnumerable<(string, string)> Candidates(IDictionary bound) =>
        Session(bound)?.Engine.LastOperations.Select(o => (o.Kind, "")) ?? [];
}

public sealed class EventKindCompleter : Completer
{
    private protected override IEnumerable<(string, string)> Candidates(IDictionary bound) => Enum.GetNames(typeof(MaestroEventKind)).Select(kind => (kind, ""));
}

public sealed class SkipCheckCompleter : Completer
{
    internal static readonly IReadOnlyList<(string Name, string Tip)> Known =
    [
        (CapacityGuard.CapacityCheck, "the N+1 arithmetic"),
        (CapacityGuard.LastActiveCheck, "the last active member of a group"),
        (RemoveMembersChange.ReachableCheck, "a member that does not answer"),
        (HealthGate.HealthCheck, "members that stop to carry traffic in a sync"),
        (NatGate.NatCheck, "address translation that cannot be distributed"),
    ];

    private protected override IEnumerable<(string, string)> Candidates(IDictionary bound) => Known;
}

public sealed class CheckCompleter : Completer
{
    private protected override IEnumerable<(string, string)> Candidates(IDictionary bound) => Engine.Hosting.EngineHost.CheckNames;
}

public sealed class WeightCompleter : Completer
{
    private protected override IEnumerable<(string, string)> Candidates(IDictionary bound) => [("Auto", "by cores")];
}

using System.Globalization;
using Maestro.Engine.Model.Fabric;
using Maestro.Engine.Model.Groups;

namespace Maestro.Engine.Fabrics.Simulation.World;

/// <summary>How the lab's state looks to who asks.</summary>
internal static class LabViews
{
    public static TopologyView View(LabState state, DateTimeOffset now)
    {
        var traffic = state.Gateways.Where(g => g.Group.Length > 0).GroupBy(g => g.Group, StringComparer.Ordinal).ToDictionary(g => g.Key, g => LabTraffic.Of([.. g], state.Seed, now), StringComparer.Ordinal);
        return View(state, now, traffic);
    }

    private static TopologyView View(LabState state, DateTimeOffset now, IReadOnlyDictionary<string, LabTraffic.Group> traffic) => new()
    {
        ObservedAt = now,
        Orchestrators = [.. state.Orchestrators.OrderBy(o => o.Id, StringComparer.Ordinal).Select(Orchestrator)],
        Ports = [.. state.Ports.OrderBy(p => p.Id, PortIds).Select(p => Port(state, p))],
        Gateways = [.. state.Gateways.OrderBy(g => g.Id, StringComparer.Ordinal).Select(g => Gateway(g, now))],
        Groups = [.. state.Groups.OrderBy(g => g.Name, StringComparer.Ordinal).ThenBy(g => g.Id).Select(g => Group(g, OwnOf(state, g, m => m.Policy), OwnOf(state, g, m => m.Configuration)))],
        Members = [.. state.Gateways.Where(g => GroupOf(g).Length > 0).OrderBy(GroupOf, StringComparer.Ordinal).ThenBy(g => MemberId.Parse(MemberOf(g))).Select(g => Member(state, g, traffic, now))],
    };

    public static SecurityGroup Group(LabGroup group, LabGeneration? policy = null, LabGeneration? configuration = null) => new()
    {
        Id = group.Id,
        Name = group.Name,
        State = SecurityGroupState.Empty,
        PolicyVersion = policy?.Number,
        PolicyFingerprint = policy?.Fingerprint ?? "",
        ConfigurationVersion = configuration?.Number,
        ConfigurationFingerprint = configuration?.Fingerprint ?? "",
        Distribution = group.Distribution,
        Port = group.Ports,
        ManagementAddress = group.ManagementAddress,
        DefaultGateway = group.DefaultGateway,
        Description = group.Description,
        Spare = group.Spare,
        CapacityCeiling = group.CapacityCeiling,
    };

    private static IComparer<string> PortIds { get; } = Comparer<string>.Create((a, b) =>
    {
        var (left, right) = (a.Split('/'), b.Split('/'));
        return left.Zip(right, (x, y) => int.Parse(x, CultureInfo.InvariantCulture).CompareTo(int.Parse(y, CultureInfo.InvariantCulture))).FirstOrDefault(c => c != 0);
    });

    /// <summary>What the SMO has confirmed; with nobody active, what the first member has that has any.</summary>
    private static LabGeneration? OwnOf(LabState state, LabGroup group, Func<LabGateway, LabHolding> holding)
    {
        var members = state.MembersOf(group.Name).ToList();
        return members.FirstOrDefault(g => g.Carries) is { } smo ? holding(smo).Confirmed : members.Select(m => holding(m).Confirmed).FirstOrDefault(c => c is not null);
    }

    private static Orchestrator Orchestrator(LabOrchestrator o) => new()
    {
        Id = o.Id,
        Site = o.Site,
        State = o.State,
        Role = o.Id.EndsWith("_1", StringComparison.Ordinal) ? "Primary" : "Secondary",
        Version = o.Version,
        Take = o.Take,
        Trust = OrchestratorTrust.Authenticated,
        Address = o.Address,
    };

    private static OrchestratorPort Port(LabState state, LabPort p) => new()
    {
        Id = p.Id,
        Name = p.Name,
        Orchestrator = p.Orchestrator,
        Site = p.Site,
        Type = p.Type,
        Enabled = p.Enabled,
        LinkUp = p.LinkUp && p.Enabled,
        SpeedMegabits = p.SpeedMegabits,
        QsfpMode = p.QsfpMode,
        Mtu = p.Mtu,
        AutoNegotiation = p.AutoNegotiation,
        Transceiver = p.Transceiver,
        SecurityGroup = [.. state.Groups.Where(g => g.Ports.Contains(p.Id)).Select(g => g.Name).OrderBy(n => n, StringComparer.Ordinal)],
    };

    private static Gateway Gateway(LabGateway g, DateTimeOffset now) => new()
    {
        Id = g.Id,
        State = g.UnreachableSince is not null ? GatewayState.Unreachable
            : g.State == MemberState.Leaving ? GatewayState.Leaving
            : g.Group.Length == 0 ? GatewayState.Unassigned
            : g.State is MemberState.Joining or MemberState.Booting or MemberState.Ready ? GatewayState.Joining
            : GatewayState.Assigned,
        SecurityGroup = GroupOf(g),
        Member = MemberOf(g),
        Site = g.Site,
        Model = g.Model,
        Version = g.Version,
        CoreCount = g.Cores,
        Downlink = g.Downlinks,
        Address = g.Address,
        Description = g.Description,
        Reason = Silence(g, now),
        RawState = g.UnreachableSince is not null ? "NOT COMMUNICATING" : g.Group.Length == 0 && g.State == MemberState.Detached ? "UNASSIGNED" : RawState(g),
    };

    private static GroupMember Member(LabState state, LabGateway g, IReadOnlyDictionary<string, LabTraffic.Group> traffic, DateTimeOffset now)
    {
        var id = MemberId.Parse(MemberOf(g));
        // One that leaves is in no group any more, and carries nothing.
        var group = traffic.TryGetValue(g.Group, out var own) ? own : new LabTraffic.Group(0, 0);
        var load = LabTraffic.Load(g, group);
        var known = g.UnreachableSince is null;
        return new GroupMember
        {
            SecurityGroup = GroupOf(g),
            Member = MemberOf(g),
            Site = id.Site,
            Number = id.Number,
            Gateway = g.Id,
            State = known ? g.State : MemberState.Lost,
            SuspendedBy = g.SuspendedBy,
            Reason = known ? Words(g) : Silence(g, now),
            Since = known ? g.Since : g.UnreachableSince,
            Weight = g.Weight,
            SharePercent = Math.Round(LabTraffic.Share(g, group), 1),
            LoadPercent = known ? Math.Round(load, 1) : null,
            ConnectionCount = known ? LabTraffic.Connections(g, load) : null,
            PolicyVersion = g.Running?.Number,
            PolicyFingerprint = g.Running?.Fingerprint ?? "",
            ConfigurationVersion = g.Configuration.Running?.Number,
            ConfigurationFingerprint = g.Configuration.Running is { } configured && LabItems.Prove(state, g, configured) ? configured.Fingerprint : "",
            Model = g.Model,
            Version = g.Version,
            Pnote = Pnotes(g),
            RawState = known ? RawState(g) : "LOST",
            Description = g.MemberDescription,
        };
    }

    private static string GroupOf(LabGateway g) => g.Group.Length > 0 ? g.Group : g.LeavingGroup;

    private static string MemberOf(LabGateway g) => g.Group.Length > 0 ? g.Member : g.LeavingMember;

    private static string Words(LabGateway g) => g.State switch
    {
        _ when g.Reason.Length > 0 => g.Reason,
        MemberState.Joining => "leaves the pool",
        MemberState.Booting => "boots",
        MemberState.Ready => "fetches policy",
        MemberState.Draining => "hands its flows over",
        MemberState.Leaving => "goes back to the pool",
        MemberState.Down => string.Join(", ", g.Pnotes),
        MemberState.Active when g.Running is null => "initial policy",
        _ => "",
    };

    private static IReadOnlyList<string> Pnotes(LabGateway g) => g.State switch
    {
        MemberState.Suspended => ["admin_down", .. g.Pnotes],
        MemberState.Booting => ["Init"],
        MemberState.Ready => ["FSYNC"],
        _ => [.. g.Pnotes],
    };

    // The vendor's words (domain sheet, section 4.1; Gaia sheet, section 7.2).
    private static string RawState(LabGateway g) => g.State == MemberState.Suspended ? "DOWN (admin)" : g.State.ToString().ToUpperInvariant();

    private static string Silence(LabGateway g, DateTimeOffset now)
    {
        if (g.UnreachableSince is not { } since) return "";
        var for_ = now - since;
        var words = for_.TotalMinutes < 1 ? $"{Text(for_.Seconds)}s" : for_.TotalHours < 1 ? $"{Text(for_.Minutes)}m{Text(for_.Seconds)}s" : $"{Text((int)for_.TotalHours)}h{Text(for_.Minutes)}m";
        return $"no answer for {words}";
    }

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}

using System.Globalization;
using Maestro.Engine.Hosting;
using Maestro.Engine.Model.Fabric;
using Maestro.Engine.Model.Groups;

namespace Maestro.Engine.Fabrics.Simulation.World;

/// <summary>How the lab's state looks to who asks.</summary>
internal static class LabViews
{
    public static TopologyView View(LabState state, DateTimeOffset now, bool pending)
    {
        var members = state.Gateways.Where(g => g.Group.Length > 0).ToList();
        return new TopologyView
        {
            ObservedAt = now,
            Orchestrators = [.. state.Orchestrators.OrderBy(o => o.Id, StringComparer.Ordinal).Select(o => new Orchestrator
            {
                Id = o.Id,
                Site = o.Site,
                State = o.State,
                Role = o.Id.EndsWith("_1", StringComparison.Ordinal) ? "Primary" : "Secondary",
                Version = o.Version,
                Take = o.Take,
                Trust = OrchestratorTrust.Authenticated,
                Address = o.Address,
            })],
            Ports = [.. state.Ports.Select(p => new OrchestratorPort
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
            })],
            Gateways = [.. state.Gateways.OrderBy(g => g.Id, StringComparer.Ordinal).Select(g => Gateway(g, now))],
            Groups = [.. state.Groups.OrderBy(g => g.Name, StringComparer.Ordinal).Select(g => Group(g))],
            Members = [.. members.OrderBy(m => m.Group, StringComparer.Ordinal).ThenBy(m => MemberId.Parse(m.Member)).Select(m => Member(m, members, state.Seed, now, pending))],
        };
    }

    private static Gateway Gateway(LabGateway g, DateTimeOffset now) => new()
    {
        Id = g.Id,
        State = !g.Reachable ? GatewayState.Unreachable
            : g.Group.Length == 0 ? GatewayState.Unassigned
            : g.State == MemberState.Leaving ? GatewayState.Leaving
            : g.State is MemberState.Joining or MemberState.Booting or MemberState.Ready ? GatewayState.Joining
            : GatewayState.Assigned,
        SecurityGroup = g.Group,
        Member = g.Member,
        Site = g.Site,
        Model = g.Model,
        Version = g.Version,
        CoreCount = g.Cores,
        Downlink = g.Downlinks,
        Address = g.Address,
        Description = g.Description,
        Reason = g.Reachable ? "" : $"no answer since {now.ToString("u", CultureInfo.InvariantCulture)}",
        RawState = g.Group.Length == 0 ? "unassigned" : "assigned",
    };

    private static SecurityGroup Group(LabGroup g) => new()
    {
        Id = g.Id,
        Name = g.Name,
        State = SecurityGroupState.Empty,
        PolicyVersion = g.Policy?.Number,
        PolicyFingerprint = g.Policy?.Fingerprint ?? "",
        Distribution = "General, layer 4",
        Port = g.Ports,
        ManagementAddress = g.ManagementAddress,
        DefaultGateway = g.DefaultGateway,
        Description = g.Description,
        Spare = g.Spare,
        CapacityCeiling = g.CapacityCeiling,
    };

    private static GroupMember Member(LabGateway g, IReadOnlyList<LabGateway> all, int seed, DateTimeOffset now, bool pending)
    {
        var id = MemberId.Parse(g.Member);
        var carrying = all.Where(o => o.Group == g.Group && o.State == MemberState.Active && o.Reachable).ToList();
        var carries = carrying.Contains(g);
        var weight = carrying.Sum(WeightOf);
        var share = carries ? 100.0 * WeightOf(g) / weight : 0;
        var load = carries ? Load(g, all, carrying, seed, now) : 0;
        return new GroupMember
        {
            SecurityGroup = g.Group,
            Member = g.Member,
            Site = id.Site,
            Number = id.Number,
            Gateway = g.Id,
            State = !g.Reachable ? MemberState.Lost : pending && g.State == MemberState.Detached ? MemberState.Joining : g.State,
            SuspendedBy = g.SuspendedBy,
            Reason = g.Reachable ? g.Reason.Length > 0 ? g.Reason : Words(g) : "no answer",
            Since = g.Since,
            Weight = g.Weight,
            SharePercent = Math.Round(share, 1),
            LoadPercent = g.Reachable ? Math.Round(load, 1) : null,
            ConnectionCount = g.Reachable ? (long)(load * g.Cores * 52) : null,
            PolicyVersion = g.Running?.Number,
            PolicyFingerprint = g.Running?.Fingerprint ?? "",
            Model = g.Model,
            Version = g.Version,
            Pnote = g.State switch
            {
                MemberState.Suspended => ["admin_down"],
                MemberState.Booting => ["Init"],
                MemberState.Ready => ["FSYNC"],
                _ => [],
            },
            RawState = g.State switch
            {
                MemberState.Active => "ACTIVE",
                MemberState.Suspended => "DOWN (admin)",
                MemberState.Detached => "DETACHED",
                var other => other.ToString().ToUpperInvariant(),
            },
            Description = g.MemberDescription,
        };
    }

    private static string Words(LabGateway g) => g.State switch
    {
        MemberState.Joining => "leaves the pool",
        MemberState.Booting => "boots",
        MemberState.Ready => "fetches policy",
        MemberState.Draining => "hands its flows over",
        MemberState.Leaving => "goes back to the pool",
        _ => "",
    };

    private static int WeightOf(LabGateway g) => g.Weight ?? g.Cores;

    // What the group has to carry is its members' everyday load, in cores; whoever is active shares it by weight.
    private static double Load(LabGateway g, IReadOnlyList<LabGateway> all, IReadOnlyList<LabGateway> carrying, int seed, DateTimeOffset now)
    {
        var cores = all.Where(o => o.Group == g.Group && o.State is not (MemberState.Joining or MemberState.Booting or MemberState.Ready)).Sum(o => o.Cores * Everyday(o, seed, now));
        return Math.Min(99, 100 * cores * WeightOf(g) / carrying.Sum(WeightOf) / g.Cores);
    }

    /// <summary>Between 0.22 and 0.42 of a gateway, a little different each minute: a function of seed and time, so that looking changes nothing.</summary>
    private static double Everyday(LabGateway g, int seed, DateTimeOffset now)
    {
        var random = new SeededRandom((ulong)(uint)seed);
        var own = random.Stream("load/" + g.Id).NextDouble();
        var minute = random.Stream("load/" + g.Id + "/" + (now.UtcTicks / TimeSpan.TicksPerMinute).ToString(CultureInfo.InvariantCulture)).NextDouble();
        return 0.22 + (0.16 * own) + (0.04 * minute);
    }
}

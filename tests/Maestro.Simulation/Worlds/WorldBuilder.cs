using System.Globalization;
using Maestro.Engine.Fabrics.Simulation.Time;
using Maestro.Engine.Fabrics.Simulation.World;
using Maestro.Engine.Hosting;
using Maestro.Engine.Model.Fabric;
using Maestro.Engine.Model.Groups;
using Maestro.Engine.Store;
using Maestro.Simulation.Scenarios;

namespace Maestro.Simulation.Worlds;

/// <summary>Makes a world in the middle of its life: groups at work on a confirmed policy, a pool of spare gateways.</summary>
internal static class WorldBuilder
{
    private const int UplinksPerOrchestrator = 8;

    public static string Policy(int number) => $"table inet web{Text(number)} {{ }}\n";

    public static LabState Build(int seed, WorldShape shape)
    {
        var random = new SeededRandom((ulong)(uint)seed).Stream("world");
        var state = new LabState { Seed = seed, Now = VirtualTimeProvider.Epoch };
        for (var site = 1; site <= shape.Sites; site++) AddSite(state, site);
        var content = Policy(1);
        var generation = new LabGeneration(1, Fingerprint.Of(content));
        state.Contents[generation.Fingerprint] = content;
        for (var g = 0; g < shape.GroupSizes.Count; g++) AddGroup(state, shape, g, generation, random);
        for (var site = 1; site <= shape.Sites; site++)
        {
            for (var i = 0; i < shape.Spares; i++) AddGateway(state, site, random);
        }

        state.Gateways.Sort((a, b) => string.CompareOrdinal(a.Id, b.Id));
        return state;
    }

    private static void AddSite(LabState state, int site)
    {
        for (var number = 1; number <= 2; number++)
        {
            var id = $"{Text(site)}_{Text(number)}";
            var first = ((site - 1) * 2) + number;
            state.Orchestrators.Add(new LabOrchestrator { Id = id, Site = site, Version = "R82", Take = 25 });
            for (var port = 1; port <= UplinksPerOrchestrator; port++) state.Ports.Add(Port(id, site, first, port, PortType.Uplink));
            state.Ports.Add(Port(id, site, first, 40, PortType.Management));
        }
    }

    private static LabPort Port(string orchestrator, int site, int first, int number, PortType type) => new()
    {
        Id = $"{Text(first)}/{Text(number)}/1",
        Name = type == PortType.Uplink ? $"eth{Text(first)}-{number.ToString("00", CultureInfo.InvariantCulture)}" : $"eth{Text(first)}-Mgmt1",
        Orchestrator = orchestrator,
        Site = site,
        Type = type,
        LinkUp = true,
        SpeedMegabits = 10_000,
    };

    private static void AddGroup(LabState state, WorldShape shape, int index, LabGeneration generation, SeededRandom random)
    {
        var size = shape.GroupSizes[index];
        var group = new LabGroup
        {
            Id = index + 1,
            Name = "g" + Text(index + 1),
            Ports = shape.Watches is null ? [state.Ports.Where(p => p.Type == PortType.Uplink).ElementAt(index).Id] : [.. OnEitherSide(state, index)],
            // Two that vouch for each other cannot spare one.
            Spare = size < 4 ? 0 : random.Next(2),
        };
        state.Groups.Add(group);
        var numbers = new int[shape.Sites];
        for (var i = 0; i < size; i++)
        {
            var site = 1 + (i % shape.Sites);
            var gateway = AddGateway(state, site, random);
            gateway.Group = group.Name;
            gateway.Member = new MemberId(site, ++numbers[site - 1]).ToString();
            gateway.State = MemberState.Active;
            gateway.Running = gateway.Confirmed = generation;
            gateway.Staged.Add(generation);
        }
    }

    /// <summary>Two uplinks of each orchestrator: who steers stands between two sides.</summary>
    private static IEnumerable<string> OnEitherSide(LabState state, int index) =>
        state.Orchestrators.SelectMany(o => state.Ports.Where(p => p.Orchestrator == o.Id && p.Type == PortType.Uplink).Skip(2 * index).Take(2)).Select(p => p.Id);

    private static LabGateway AddGateway(LabState state, int site, SeededRandom random)
    {
        var big = random.Next(3) == 0;
        var gateway = new LabGateway
        {
            Id = $"{(big ? "9302" : "9101")}AA{Text(site)}{state.Gateways.Count.ToString("000", CultureInfo.InvariantCulture)}",
            Site = site,
            Model = big ? "Quantum 9300" : "Quantum 9100",
            Version = "R82 T25",
            Cores = big ? 16 : 8,
            Since = state.Now,
        };
        state.Gateways.Add(gateway);
        return gateway;
    }

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}

using System.Globalization;
using Maestro.Engine.Hosting;
using Maestro.Engine.Model.Fabric;

namespace Maestro.Engine.Fabrics.Simulation.World;

/// <summary>Makes the lab as it is on its first day: 2 sites, 4 orchestrators, 12 gateways of two models, no group.</summary>
internal static class LabBuilder
{
    public const int GatewaysPerSite = 6;
    private const int UplinksPerOrchestrator = 4;

    public static LabState Build(int seed, DateTimeOffset now)
    {
        var random = new SeededRandom((ulong)(uint)seed).Stream("lab/build");
        var state = new LabState { Seed = seed, Now = now };
        for (var site = 1; site <= 2; site++)
        {
            for (var number = 1; number <= 2; number++) AddOrchestrator(state, site, number);
            for (var i = 0; i < GatewaysPerSite; i++) AddGateway(state, site, i, random);
        }

        state.Gateways.Sort((a, b) => string.CompareOrdinal(a.Id, b.Id));
        return state;
    }

    private static void AddOrchestrator(LabState state, int site, int number)
    {
        var id = $"{site}_{number}";
        state.Orchestrators.Add(new LabOrchestrator { Id = id, Site = site, Version = "R82", Take = 25, Address = $"192.0.2.{Text(((site - 1) * 100) + number)}" });
        for (var port = 1; port <= UplinksPerOrchestrator; port++)
        {
            state.Ports.Add(Port(id, site, $"{Text(number)}/{Text(port + 4)}/1", $"eth{Text(number)}-{(port + 4).ToString("00", CultureInfo.InvariantCulture)}", PortType.Uplink, 10_000));
        }

        for (var slot = 0; slot < GatewaysPerSite; slot++) state.Ports.Add(Port(id, site, $"{Text(number)}/{Text(slot + 20)}/1", "", PortType.Downlink, 25_000));
        state.Ports.Add(Port(id, site, $"{Text(number)}/31/1", "", PortType.InternalSync, 100_000));
        state.Ports.Add(Port(id, site, $"{Text(number)}/32/1", "", PortType.SiteSync, 100_000));
        state.Ports.Add(Port(id, site, $"{Text(number)}/40/1", $"eth{Text(number)}-Mgmt1", PortType.Management, 1_000));
    }

    private static LabPort Port(string orchestrator, int site, string id, string name, PortType type, int megabits) => new()
    {
        // The vendor's port ids do not name the site; two sites would share them, so the lab's second site counts its orchestrators on.
        Id = site == 1 ? id : Text(int.Parse(id.Substring(0, 1), CultureInfo.InvariantCulture) + 2) + id.Substring(1),
        Name = name.Length == 0 ? "" : site == 1 ? name : "eth" + Text(int.Parse(name.Substring(3, 1), CultureInfo.InvariantCulture) + 2) + name.Substring(4),
        Orchestrator = orchestrator,
        Site = site,
        Type = type,
        LinkUp = true,
        SpeedMegabits = megabits,
        QsfpMode = megabits >= 100_000 ? "100G" : megabits >= 25_000 ? "4x25G" : "",
    };

    private static void AddGateway(LabState state, int site, int index, SeededRandom random)
    {
        var big = index % 2 == 1;
        var first = ((site - 1) * 2) + 1;
        state.Gateways.Add(new LabGateway
        {
            Id = $"{(big ? "9302" : "9101")}{(char)('A' + random.Next(26))}{(char)('A' + random.Next(26))}{Text(1000 + (site * 100) + index + 1)}",
            Site = site,
            Model = big ? "Quantum 9300" : "Quantum 9100",
            // The pool of a real site is never all of one age.
            Version = index >= GatewaysPerSite - 2 && site == 2 ? "R81.20 T99" : "R82 T25",
            Cores = big ? 16 : 8,
            Address = $"198.51.100.{Text((site * 100) + index + 1)}",
            Downlinks = [$"{Text(first)}/{Text(index + 20)}/1", $"{Text(first + 1)}/{Text(index + 20)}/1"],
            Since = state.Now,
        });
    }

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}

using System.Globalization;
using Maestro.Engine.Hosting;

namespace Maestro.Engine.Fabrics.Simulation.World;

/// <summary>What a member carries: a function of seed, state and time alone, so that looking changes nothing.</summary>
internal static class LabTraffic
{
    private const int ConnectionsPerCoreAndPercent = 52;

    /// <summary>The weight that the distribution goes by: the number given, else the cores (domain sheet, section 2.3).</summary>
    public static int WeightOf(LabGateway gateway) => gateway.Weight ?? gateway.Cores;

    /// <summary>Percent of the group's traffic: own weight over the weights of all that carry.</summary>
    public static double Share(LabGateway gateway, IReadOnlyCollection<LabGateway> carrying)
    {
        var all = carrying.Sum(WeightOf);
        return all == 0 || !carrying.Contains(gateway) ? 0 : 100.0 * WeightOf(gateway) / all;
    }

    /// <summary>Percent of the gateway's capacity. The group has to carry its members' everyday load, in cores, whoever of them is up.</summary>
    public static double Load(LabGateway gateway, IEnumerable<LabGateway> settled, IReadOnlyCollection<LabGateway> carrying, int seed, DateTimeOffset now)
    {
        var cores = settled.Sum(g => g.Cores * Everyday(g, seed, now));
        return Math.Min(99, cores * Share(gateway, carrying) / gateway.Cores);
    }

    public static long Connections(LabGateway gateway, double load) => (long)(load * gateway.Cores * ConnectionsPerCoreAndPercent);

    // Between 0.22 and 0.42 of a gateway, a little different each minute.
    private static double Everyday(LabGateway gateway, int seed, DateTimeOffset now)
    {
        var random = new SeededRandom((ulong)(uint)seed);
        var own = random.Stream("load/" + gateway.Id).NextDouble();
        var minute = random.Stream("load/" + gateway.Id + "/" + (now.UtcTicks / TimeSpan.TicksPerMinute).ToString(CultureInfo.InvariantCulture)).NextDouble();
        return 0.22 + (0.16 * own) + (0.04 * minute);
    }
}

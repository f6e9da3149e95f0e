using System.Globalization;
using Maestro.Engine.Hosting;
using Maestro.Engine.Model.Groups;

namespace Maestro.Engine.Fabrics.Simulation.World;

/// <summary>What a member carries: a function of seed, state and time alone, so that looking changes nothing.</summary>
internal static class LabTraffic
{
    private const int ConnectionsPerCoreAndPercent = 52;

    /// <summary>The weight that the distribution goes by: the number given, else the cores (domain sheet, section 2.3).</summary>
    public static int WeightOf(LabGateway gateway) => gateway.Weight ?? gateway.Cores;

    /// <summary>What a group carries, asked once for all of its members.</summary>
    public sealed record Group(int WeightOfAll, double LoadInCores);

    /// <summary>The group has to carry its members' everyday load, in cores, whoever of them is up.</summary>
    public static Group Of(IReadOnlyCollection<LabGateway> members, int seed, DateTimeOffset now) => new(
        members.Where(g => g.Carries).Sum(WeightOf),
        members.Where(g => g.State is not (MemberState.Joining or MemberState.Booting or MemberState.Ready or MemberState.Detached)).Sum(g => g.Cores * Everyday(g, seed, now)));

    /// <summary>Percent of the group's traffic: own weight over the weights of all that carry.</summary>
    public static double Share(LabGateway gateway, Group group) => group.WeightOfAll == 0 || !gateway.Carries ? 0 : 100.0 * WeightOf(gateway) / group.WeightOfAll;

    /// <summary>Percent of the gateway's capacity.</summary>
    public static double Load(LabGateway gateway, Group group) => Math.Min(99, group.LoadInCores * Share(gateway, group) / gateway.Cores);

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

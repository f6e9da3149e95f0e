using System.Globalization;
using System.Net.Sockets;
using Maestro.Engine.Clustering.Distribution;
using Maestro.Engine.Model.Distribution;

namespace Maestro.Engine.Fabrics.Linux.Traffic;

/// <summary>A way of marked packets: the rule that sends a mark to the routing table of the same number, and the one route in that.</summary>
/// <param name="Family">4 or 6.</param>
/// <param name="Mark">Mark and table.</param>
/// <param name="Hop">Where it leads; empty for the rule alone.</param>
internal sealed record SteeringRoute(int Family, uint Mark, string Hop)
{
    /// <summary>Known to no distribution; marks our routes among those of others.</summary>
    public const int Protocol = 177;

    /// <summary>Before the main table's, after the local one's: what is for the host itself is never steered.</summary>
    private const int Priority = 20000;

    /// <summary>The ways to all of the group's members that the table names. A member without an address on a side has none there.</summary>
    public static IReadOnlyList<SteeringRoute> Of(SteeredGroup group, SlotTable slots)
    {
        var routes = new List<SteeringRoute>();
        foreach (var (number, family) in new[] { (4, AddressFamily.InterNetwork), (6, AddressFamily.InterNetworkV6) })
        {
            foreach (var member in group.Members.Where(m => slots.Members.Any(s => s.Id == m.Id)))
            {
                foreach (var side in new[] { FlowSide.Outside, FlowSide.Inside })
                {
                    if (member.HopOf(side, family) is { } hop) routes.Add(new SteeringRoute(number, SteeringMarks.Of(group.Id, member.Id, side), hop.ToString()));
                }
            }
        }

        return routes;
    }

    /// <summary>What <c>ip</c> is told to have it, a family and its words a line; a rule that is there already is not added again.</summary>
    public string Adding() =>
        $"{Number(Family)} route replace default via {Hop} table {Number(Mark)} proto {Number(Protocol)}\n{Number(Family)} rule add priority {Number(Priority)} fwmark {Number(Mark)} lookup {Number(Mark)}\n";

    /// <summary>As <see cref="Adding"/>, to take it away: a line for each family's <c>ip</c>.</summary>
    public static string Removing(int family, uint mark) =>
        $"{Number(family)} rule del priority {Number(Priority)} fwmark {Number(mark)} lookup {Number(mark)}\n{Number(family)} route flush table {Number(mark)}\n";

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}

using System.Globalization;

namespace Maestro.Engine.Clustering.Distribution;

/// <summary>
/// Copies on the other site are kept only while it has at least half as many members as carry traffic on this one; with fewer they would drown in them
/// (domain sheet, section 3). Pure.
/// </summary>
internal static class RatioGuard
{
    /// <summary>Of the members that carry traffic on one site, in percent: so many the other one needs.</summary>
    public const int LeastPercent = 50;

    /// <param name="carrying">Members with slots on the one site.</param>
    /// <param name="keeping">Members that can keep copies on the other one.</param>
    public static bool Allows(int carrying, int keeping) => keeping > 0 && keeping * 100L >= carrying * (long)LeastPercent;

    /// <summary>A sentence for each site whose connections have no copies on the other one for that reason.</summary>
    public static IEnumerable<(int Site, string Words)> FindOff(IReadOnlyCollection<SlotMember> members)
    {
        foreach (var site in members.Where(m => m.TakesSlots).GroupBy(m => m.Id.Site).OrderBy(s => s.Key))
        {
            var carrying = site.Count();
            var keeping = members.Count(m => m.Weight > 0 && m.Id.Site != site.Key);
            // Who is alone on its site has its only backup on the other one, whatever the ratio.
            if (carrying > 1 && keeping > 0 && !Allows(carrying, keeping)) yield return (site.Key, $"copies of site {Text(site.Key)}'s connections on the other site are off: it has {Text(keeping)} of the {Text(LeastCount(carrying))} members that {Text(carrying)} need");
        }
    }

    private static int LeastCount(int carrying) => ((carrying * LeastPercent) + 99) / 100;

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}

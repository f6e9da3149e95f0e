using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Maestro.Engine.Clustering.Distribution;
using Maestro.Engine.Fabrics.Linux.Inventory;
using Maestro.Engine.Fabrics.Linux.Traffic;
using Maestro.Engine.Model.Distribution;
using Maestro.Engine.Model.Groups;

namespace Maestro.Engine.Fabrics.Linux.Replication;

/// <summary>What one member is told of its group's distribution, as <c>statesync.pl</c> reads it: how a connection's slot is found, which slots are its own, who keeps their copies, and where those members are.</summary>
internal static class StateSyncTable
{
    /// <summary>Where a member listens for copies and sends them from: its address on the inside; null where it has none.</summary>
    public static IPAddress? AddressOf(SteeredMember member) => member.HopOf(FlowSide.Inside, AddressFamily.InterNetwork) ?? member.HopOf(FlowSide.Inside, AddressFamily.InterNetworkV6);

    public static string Of(SteeredGroup group, DistributionTable table, SteeredMember self, StateSyncSettings settings)
    {
        var (rules, slots) = (table.Rules, table.Slots);
        var text = new StringBuilder();
        text.Append($"version {Number(table.Version)}\nself {self.Id}\ndelay {Number(settings.Delay)}\nrate {Number(settings.Rate)}\n");
        foreach (var service in settings.Services) text.Append($"service {Number(service.Protocol)} {Number(service.Port)} {Number(service.Delay)}\n");
        text.Append($"rules {rules.Mode} {(rules.Layer4 ? "1" : "0")} {Number(rules.Seed)} {Number(slots.SlotCount)}\n");
        foreach (var downlink in self.Gateway.Downlinks)
        {
            if (downlink.Side.Length > 0) text.Append($"{downlink.Side} {downlink.Interface}\n");
            if (downlink.Address.Length > 0) text.Append($"own {downlink.Address.Split('/')[0]}\n");
        }

        if (IPAddress.TryParse(self.Gateway.Host.Address, out var address)) text.Append($"own {address}\n");
        foreach (var member in group.Members.Where(m => m.Id != self.Id && slots.Members.Any(s => s.Id == m.Id)))
        {
            if (AddressOf(member) is { } there) text.Append($"peer {member.Id} {there} {Number(settings.Port)}\n");
        }

        Append(text, "slots", slots, self.Id, slots.BackupOf, isWhole: true);
        Append(text, "remote", slots, self.Id, slots.RemoteBackupOf, isWhole: false);
        return text.ToString();
    }

    /// <param name="text">Grows by a line for each member that keeps copies.</param>
    /// <param name="word">How the line begins.</param>
    /// <param name="slots">All slots.</param>
    /// <param name="self">Whose are told.</param>
    /// <param name="keeperOf">Who keeps a slot's copies.</param>
    /// <param name="isWhole">Whether those that nobody keeps are told, too: a member must know that they are its own.</param>
    private static void Append(StringBuilder text, string word, SlotTable slots, MemberId self, Func<int, SlotMember?> keeperOf, bool isWhole)
    {
        var own = Enumerable.Range(0, slots.SlotCount).Where(s => slots.ActiveOf(s)?.Id == self);
        foreach (var keeper in own.GroupBy(s => keeperOf(s)?.Id).OrderBy(k => k.Key ?? default))
        {
            if (keeper.Key is not null || isWhole) text.Append($"{word} {keeper.Key?.ToString() ?? "-"} {Ranges([.. keeper])}\n");
        }
    }

    /// <summary>Such as <c>0,4,9-12</c>.</summary>
    private static string Ranges(IReadOnlyList<int> sorted)
    {
        var ranges = new List<string>();
        for (var from = 0; from < sorted.Count;)
        {
            var to = from;
            while (to + 1 < sorted.Count && sorted[to + 1] == sorted[to] + 1) to++;
            ranges.Add(to == from ? Number(sorted[from]) : $"{Number(sorted[from])}-{Number(sorted[to])}");
            from = to + 1;
        }

        return string.Join(",", ranges);
    }

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}

using System.Globalization;
using System.Text;
using Maestro.Engine.Clustering.Distribution;
using Maestro.Engine.Fabrics.Linux.Inventory;
using Maestro.Engine.Model.Distribution;

namespace Maestro.Engine.Fabrics.Linux.Traffic;

/// <summary>
/// A group's distribution table as one transaction of nft. All of it lies in the kernel, backups, weights and rules included, so that whoever lost his own
/// copy reads it back from there (<see cref="SteeringListing"/>). Sets and chains stay and only what is in them is replaced: no packet finds less than one whole table.
/// </summary>
internal static class SteeringTable
{
    public const uint Form = 1;

    /// <summary>In the map of weights, on top of the weight: it keeps copies only.</summary>
    public const uint Standby = 0x1_0000;

    public static readonly IReadOnlyList<string> Maps = ["rules", "outside", "inside", "backup", "remote", "weights"];

    private static readonly string[] Chains = ["outside", "inside", "outside_ports", "inside_ports", "outside_quoted4", "inside_quoted4", "outside_quoted6", "inside_quoted6", "whole", "arriving", "leaving"];

    /// <summary>What the keys of the map "rules" stand for.</summary>
    public enum Rule
    {
        Form,
        Mode,
        Layer4,
        Seed,
        SlotCount,
    }

    /// <param name="group">Whose table.</param>
    /// <param name="table">From now on.</param>
    /// <param name="orchestrator">Where.</param>
    /// <param name="expected">What <see cref="SteeringListing.Version"/> was seen there: the transaction passes on that alone.</param>
    public static string Transaction(SteeredGroup group, DistributionTable table, InventoryOrchestrator orchestrator, string expected)
    {
        var name = "inet " + group.TableName;
        var text = new StringBuilder();
        text.Append(expected switch
        {
            "" => $"create table {name}\n",
            SteeringListing.NoVersion => $"delete table {name}\nadd table {name}\n",
            _ => $"delete element {name} version {{ {expected} }}\n",
        });
        text.Append($"add set {name} version {{ type mark; }}\n");
        foreach (var map in Maps) text.Append($"add map {name} {map} {{ type mark : mark; }}\nflush map {name} {map}\n");
        foreach (var chain in Chains) text.Append($"add chain {name} {chain}{Hook(chain)}\nflush chain {name} {chain}\n");
        foreach (var rule in SteeringRule.Of(group, table.Rules, table.Slots.SlotCount, orchestrator)) text.Append($"add rule {name} {rule.Chain} {rule.Text}\n");
        var elements = Elements(group, table);
        foreach (var map in Maps)
        {
            if (elements[map].Count > 0) text.Append($"add element {name} {map} {{ {string.Join(", ", elements[map].Select(e => $"{Number(e.Key)} : {Number(e.Value)}"))} }}\n");
        }

        return text.Append($"add element {name} version {{ {Number(table.Version)} }}\n").ToString();
    }

    /// <summary>What each map holds.</summary>
    public static Dictionary<string, List<KeyValuePair<uint, uint>>> Elements(SteeredGroup group, DistributionTable table)
    {
        var (rules, slots) = (table.Rules, table.Slots);
        var maps = Maps.ToDictionary(m => m, _ => new List<KeyValuePair<uint, uint>>(), StringComparer.Ordinal);
        foreach (var (rule, value) in new[] { (Rule.Form, Form), (Rule.Mode, (uint)rules.Mode), (Rule.Layer4, rules.Layer4 ? 1u : 0u), (Rule.Seed, rules.Seed), (Rule.SlotCount, (uint)slots.SlotCount) }) Add("rules", (uint)rule, value);
        foreach (var member in slots.Members) Add("weights", SteeringMarks.Of(group.Id, member.Id, FlowSide.Outside), (uint)member.Weight | (member.Carries ? 0 : Standby));
        for (var slot = 0; slot < slots.SlotCount; slot++)
        {
            Place("outside", slot, slots.ActiveOf(slot), FlowSide.Outside);
            Place("inside", slot, slots.ActiveOf(slot), FlowSide.Inside);
            Place("backup", slot, slots.BackupOf(slot), FlowSide.Outside);
            Place("remote", slot, slots.RemoteBackupOf(slot), FlowSide.Outside);
        }

        return maps;

        void Add(string map, uint key, uint value) => maps[map].Add(new KeyValuePair<uint, uint>(key, value));

        void Place(string map, int slot, SlotMember? member, FlowSide side)
        {
            if (member is not null) Add(map, SteeringMarks.Slots + (uint)slot, SteeringMarks.Of(group.Id, member.Id, side));
        }
    }

    private static string Hook(string chain) => chain switch
    {
        "whole" => " { type filter hook prerouting priority raw; policy accept; }",
        "arriving" => " { type filter hook prerouting priority mangle; policy accept; }",
        "leaving" => " { type filter hook forward priority filter - 10; policy accept; }",
        _ => "",
    };

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}

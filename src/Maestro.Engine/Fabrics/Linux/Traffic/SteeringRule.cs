using System.Globalization;
using Maestro.Engine.Clustering.Distribution;
using Maestro.Engine.Fabrics.Linux.Inventory;
using Maestro.Engine.Model.Distribution;

namespace Maestro.Engine.Fabrics.Linux.Traffic;

/// <summary>One rule of a group's table on an orchestrating host.</summary>
/// <param name="Chain">Where it stands.</param>
/// <param name="Text">As nft reads it.</param>
/// <param name="Words">The same in the words that <see cref="SteeringListing"/> makes of what nft lists: to prove that the kernel has it.</param>
internal sealed record SteeringRule(string Chain, string Text, string Words)
{
    private static readonly string[] Ported = ["sctp", "tcp", "udp"];

    public static string Name(FlowSide side) => side == FlowSide.Inside ? "inside" : "outside";

    /// <summary>
    /// A packet from an uplink gets the mark of its slot's member; one that nobody carries leaves by no uplink. Both are taken from connection tracking, which
    /// puts fragments together before the ports are read and is not to remember anything.
    /// </summary>
    public static IReadOnlyList<SteeringRule> Of(SteeredGroup group, FlowRules rules, int slotCount, InventoryOrchestrator orchestrator)
    {
        var (inside, outside) = (group.UplinksOf(orchestrator, FlowSide.Inside), group.UplinksOf(orchestrator, FlowSide.Outside));
        var uplinks = inside.Concat(outside).Distinct().ToList();
        var touched = uplinks.Concat(orchestrator.Ports.Where(p => p.Type == "downlink").Select(p => p.Interface)).Distinct().ToList();
        var all = new List<SteeringRule>
        {
            new("whole", $"iifname {Set(touched)} notrack", $"iifname {List(touched)}; notrack"),
            new("leaving", $"iifname {Set(uplinks)} oifname {Set(uplinks)} drop", $"iifname {List(uplinks)}; oifname {List(uplinks)}; drop"),
        };
        foreach (var (side, interfaces) in new[] { (FlowSide.Inside, inside), (FlowSide.Outside, outside) })
        {
            var name = Name(side);
            all.Add(new("arriving", $"iifname {Set(interfaces)} ct state untracked goto {name}", $"iifname {List(interfaces)}; ct state untracked; goto {name}"));
            if (rules.Layer4)
            {
                all.Add(new(name, $"meta l4proto {{ {string.Join(", ", Ported)} }} goto {name}_ports", $"meta l4proto {List(Ported)}; goto {name}_ports"));
                all.AddRange(Hashes(name + "_ports", side, rules, slotCount, ports: true));
            }

            all.AddRange(Hashes(name, side, rules, slotCount, ports: false));
        }

        return all;
    }

    /// <summary>Both families; the words of each in the order of <see cref="FlowRules.SlotOf"/>.</summary>
    private static IEnumerable<SteeringRule> Hashes(string chain, FlowSide side, FlowRules rules, int slotCount, bool ports)
    {
        var destination = rules.Mode == DistributionMode.User || (rules.Mode == DistributionMode.AutoTopology && side == FlowSide.Inside);
        string[] key = (rules.Mode, side) switch
        {
            (DistributionMode.General, FlowSide.Inside) => ports ? ["IP saddr", "IP daddr", "th sport", "th dport"] : ["IP saddr", "IP daddr"],
            (DistributionMode.General, _) => ports ? ["IP daddr", "IP saddr", "th dport", "th sport"] : ["IP daddr", "IP saddr"],
            _ => destination ? (ports ? ["IP daddr", "th sport"] : ["IP daddr"]) : (ports ? ["IP saddr", "th dport"] : ["IP saddr"]),
        };
        foreach (var (family, ip) in new[] { ("ipv4", "ip"), ("ipv6", "ip6") })
        {
            var hash = $"jhash {string.Join(" . ", key).Replace("IP", ip)} mod {Number(slotCount)} seed {Number(rules.Seed)} offset {Number(SteeringMarks.Slots)}";
            yield return new(chain, $"meta nfproto {family} meta mark set {hash} meta mark set meta mark map @{Name(side)}", $"mark {hash}; mark map {Name(side)}");
        }
    }

    private static string Set(IEnumerable<string> names) => "{ " + string.Join(", ", names.Select(n => "\"" + n + "\"")) + " }";

    private static string List(IEnumerable<string> names) => string.Join(",", names.OrderBy(n => n, StringComparer.Ordinal));

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}

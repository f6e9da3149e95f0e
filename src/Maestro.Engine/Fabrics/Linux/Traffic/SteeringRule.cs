using System.Globalization;
using System.Net.Sockets;
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

    // The same by their numbers, as a header names them.
    private static readonly string[] PortedNumbers = ["6", "17", "132"];

    public static string Name(FlowSide side) => side == FlowSide.Inside ? "inside" : "outside";

    /// <summary>
    /// A packet from an uplink gets the mark of its slot's member; one that nobody carries leaves by no uplink. Both are taken from connection tracking, which
    /// puts fragments together before the ports are read and is not to remember anything. What is for a gateway itself has no slot.
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
        all.AddRange(Own(group, uplinks));
        foreach (var (side, interfaces) in new[] { (FlowSide.Inside, inside), (FlowSide.Outside, outside) })
        {
            var name = Name(side);
            all.Add(new("arriving", $"iifname {Set(interfaces)} ct state untracked goto {name}", $"iifname {List(interfaces)}; ct state untracked; goto {name}"));
            all.AddRange(Errors(name, side, rules, slotCount));
            if (rules.Layer4)
            {
                all.Add(new(name, $"meta l4proto {{ {string.Join(", ", Ported)} }} goto {name}_ports", $"meta l4proto {List(Ported)}; goto {name}_ports"));
                all.AddRange(Hashes(name + "_ports", side, rules, slotCount, ports: true));
            }

            all.AddRange(Hashes(name, side, rules, slotCount, ports: false));
        }

        return all;
    }

    /// <summary>
    /// Answers to what a gateway began by itself, and errors about that: for one of its own downlink addresses, also while it carries nothing. They get no mark, so
    /// the host's own route leads them there, the same that the ways of marked packets are built on.
    /// </summary>
    private static IEnumerable<SteeringRule> Own(SteeredGroup group, IReadOnlyCollection<string> uplinks)
    {
        foreach (var (family, ip) in new[] { (AddressFamily.InterNetwork, "ip"), (AddressFamily.InterNetworkV6, "ip6") })
        {
            var own = group.OwnAddresses.Where(a => a.AddressFamily == family).Select(a => a.ToString()).Distinct().ToList();
            if (own.Count > 0) yield return new("arriving", $"iifname {Set(uplinks)} {ip} daddr {{ {string.Join(", ", own)} }} accept", $"iifname {List(uplinks)}; {ip} daddr {List(own)}; accept");
        }
    }

    /// <summary>Both families; the words of each in the order of <see cref="FlowRules.SlotOf"/>.</summary>
    private static IEnumerable<SteeringRule> Hashes(string chain, FlowSide side, FlowRules rules, int slotCount, bool ports)
    {
        foreach (var (family, ip) in new[] { ("ipv4", "ip"), ("ipv6", "ip6") })
        {
            var (text, words) = Marking(Key(side, rules, ports, $"{ip} saddr", $"{ip} daddr", "th sport", "th dport"), side, rules, slotCount);
            yield return new(chain, $"meta nfproto {family} {text}", words);
        }
    }

    /// <summary>
    /// An error goes to the member of the flow that it quotes: the packet that it is about was on its way out where the error comes in, so what it was sent from is
    /// what an answer would come for. The ports of a quoted packet with IPv4 options or IPv6 extensions are not where they are looked for: it goes by its addresses.
    /// </summary>
    private static IEnumerable<SteeringRule> Errors(string name, FlowSide side, FlowRules rules, int slotCount)
    {
        // Where things lie in the error, in bits: 8 bytes of its own, then the quoted header.
        foreach (var (family, icmp, types, source, destination, next, ports) in new[]
        {
            (4, "icmp", new[] { "destination-unreachable", "parameter-problem", "time-exceeded" }, "@th,160,32", "@th,192,32", "@th,136,8", 224),
            (6, "icmpv6", ["destination-unreachable", "packet-too-big", "parameter-problem", "time-exceeded"], "@th,128,128", "@th,256,128", "@th,112,8", 384),
        })
        {
            var chain = $"{name}_quoted{Number(family)}";
            yield return new(name, $"{icmp} type {{ {string.Join(", ", types)} }} goto {chain}", $"{icmp} type {List(types)}; goto {chain}");
            var (text, words) = Marking(Key(side, rules, ports: false, destination, source, "", ""), side, rules, slotCount);
            yield return new(chain, text, words);
            if (!rules.Layer4) continue;
            (text, words) = Marking(Key(side, rules, ports: true, destination, source, $"@th,{Number(ports + 16)},16", $"@th,{Number(ports)},16"), side, rules, slotCount);
            // Version 4 and five words of header: no options.
            const string Plain = "@th,64,8 69";
            yield return new(chain, $"{(family == 4 ? Plain + " " : "")}{next} {{ {string.Join(", ", PortedNumbers)} }} {text}", $"{(family == 4 ? Plain + "; " : "")}{next} {List(PortedNumbers)}; {words}");
        }
    }

    /// <summary>What is hashed of a packet that enters on that side, as nft names it.</summary>
    private static string[] Key(FlowSide side, FlowRules rules, bool ports, string source, string destination, string sourcePort, string destinationPort)
    {
        var byDestination = rules.Mode == DistributionMode.User || (rules.Mode == DistributionMode.AutoTopology && side == FlowSide.Inside);
        return (rules.Mode, side) switch
        {
            (DistributionMode.General, FlowSide.Inside) => ports ? [source, destination, sourcePort, destinationPort] : [source, destination],
            (DistributionMode.General, _) => ports ? [destination, source, destinationPort, sourcePort] : [destination, source],
            _ => byDestination ? (ports ? [destination, sourcePort] : [destination]) : (ports ? [source, destinationPort] : [source]),
        };
    }

    private static (string Text, string Words) Marking(string[] key, FlowSide side, FlowRules rules, int slotCount)
    {
        var hash = $"jhash {string.Join(" . ", key)} mod {Number(slotCount)} seed {Number(rules.Seed)} offset {Number(SteeringMarks.Slots)}";
        return ($"meta mark set {hash} meta mark set meta mark map @{Name(side)}", $"mark {hash}; mark map {Name(side)}");
    }

    private static string Set(IEnumerable<string> names) => "{ " + string.Join(", ", names.Select(n => "\"" + n + "\"")) + " }";

    private static string List(IEnumerable<string> names) => string.Join(",", names.OrderBy(n => n, StringComparer.Ordinal));

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}

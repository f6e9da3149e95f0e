using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Maestro.Engine.Clustering.Distribution;
using Maestro.Engine.Model.Distribution;
using Maestro.Testbeds;

namespace Maestro.Engine.Tests.Fabrics.Linux.Distribution;

/// <summary>Packets through the kernel at hand: nft notes for each the slot that it chose, and ours must be the same.</summary>
public sealed partial class KernelHashTests
{
    private const uint Seed = 0x4d616573;

    // How an orchestrating host writes each rule; the words of FlowRules must come in this order.
    private static readonly (FlowRules Rules, FlowSide Side, int Slots, string Key)[] Cases =
    [
        (new(DistributionMode.General, false, Seed), FlowSide.Inside, 512, "IP saddr . IP daddr"),
        (new(DistributionMode.General, false, Seed), FlowSide.Outside, 512, "IP daddr . IP saddr"),
        (new(DistributionMode.General, true, Seed), FlowSide.Inside, 65536, "IP saddr . IP daddr . th sport . th dport"),
        (new(DistributionMode.General, true, 0), FlowSide.Outside, 512, "IP daddr . IP saddr . th dport . th sport"),
        (new(DistributionMode.AutoTopology, true, uint.MaxValue), FlowSide.Inside, 512, "IP daddr . th sport"),
        (new(DistributionMode.AutoTopology, true, uint.MaxValue), FlowSide.Outside, 1024, "IP saddr . th dport"),
        (new(DistributionMode.User, false, 1), FlowSide.Inside, 2, "IP daddr"),
        (new(DistributionMode.Network, false, 1), FlowSide.Outside, 32768, "IP saddr"),
    ];

    [TestbedFact]
    public async Task The_slot_of_every_packet_is_the_one_that_nft_chose()
    {
        var output = await ScratchNamespace.RunAsync(Script());

        var seen = 0;
        foreach (Match set in Sets().Matches(output))
        {
            var (rules, side, slots, _) = Cases[int.Parse(set.Groups["case"].Value, CultureInfo.InvariantCulture)];
            foreach (Match packet in Packets().Matches(set.Groups["elements"].Value))
            {
                var flow = new Flow(IPAddress.Parse(packet.Groups["from"].Value), IPAddress.Parse(packet.Groups["to"].Value), Flow.Udp, ushort.Parse(packet.Groups["sport"].Value, CultureInfo.InvariantCulture), ushort.Parse(packet.Groups["dport"].Value, CultureInfo.InvariantCulture));
                var chosen = Convert.ToInt32(packet.Groups["mark"].Value, 16);
                Assert.True(chosen == rules.SlotOf(flow, side, slots), $"{set.Groups["family"].Value} {rules} {side} of {slots}: nft chose {chosen} for {flow}");
                seen++;
            }
        }

        // 60 datagrams and 20 attempts to connect with their resets, of each family, in each case.
        Assert.InRange(seen, Cases.Length * 2 * 80, int.MaxValue);
    }

    private static string Script()
    {
        var sets = new List<string>();
        var rules = new List<string>();
        foreach (var (family, ip, type) in new[] { ("ipv4", "ip", "ipv4_addr"), ("ipv6", "ip6", "ipv6_addr") })
        {
            for (var i = 0; i < Cases.Length; i++)
            {
                var (flow, _, slots, key) = Cases[i];
                sets.Add($"set {family}c{i} {{ type {type} . {type} . inet_service . inet_service . mark; flags dynamic; size 4096; }}");
                rules.Add($"meta nfproto {family} meta l4proto {{ tcp, udp }} meta mark set jhash {key.Replace("IP", ip, StringComparison.Ordinal)} mod {slots} seed {flow.Seed} update @{family}c{i} {{ {ip} saddr . {ip} daddr . th sport . th dport . meta mark }}");
            }
        }

        return $$"""
            ip link set lo up || exit 1
            ip route add local 10.0.0.0/8 dev lo || exit 1
            ip -6 route add local 2001:db8::/32 dev lo || exit 1
            nft -f - <<'RULES' || exit 1
            table inet probe {
              {{string.Join("\n  ", sets)}}
              chain out {
                type filter hook output priority 0;
                {{string.Join("\n    ", rules)}}
              }
            }
            RULES
            for i in {1..60}; do
              echo x > /dev/udp/10.$((i * 4)).$((250 - i)).$i/$((i * 1000 + i))
              echo x > /dev/udp/2001:db8:$i::$((i * 7))/$((60001 - i * 999))
            done 2> /dev/null
            for i in {1..20}; do
              (echo x > /dev/tcp/10.$((i * 11)).$i.$((200 - i))/$((i * 3001)))
              (echo x > /dev/tcp/2001:db8::$i:$((i * 77))/$((i * 2999)))
            done 2> /dev/null
            nft -n list table inet probe
            """;
    }

    [GeneratedRegex(@"set (?<family>ipv[46])c(?<case>\d+) \{(?<elements>[^{}]*elements = \{[^}]*\})")]
    private static partial Regex Sets();

    [GeneratedRegex(@"(?<from>[0-9a-f.:]+) \. (?<to>[0-9a-f.:]+) \. (?<sport>\d+) \. (?<dport>\d+) \. 0x(?<mark>[0-9a-f]+)")]
    private static partial Regex Packets();
}

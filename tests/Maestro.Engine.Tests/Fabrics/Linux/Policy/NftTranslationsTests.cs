using Maestro.Engine.Clustering.Distribution.Nat;

namespace Maestro.Engine.Tests.Fabrics.Linux.Policy;

/// <summary>What of a policy translates addresses, and what is said of the devices by all that leads there.</summary>
public sealed class NftTranslationsTests
{
    [Fact]
    public void Each_statement_is_found_with_its_place_and_words()
    {
        var found = Find("""
            define WAN = "eth1"
            table ip nat {
                chain post {
                    type nat hook postrouting priority srcnat; policy accept;
                    oifname $WAN snat to 10.96.0.1:1024-2048 random
                    ct status snat accept
                    ct status { snat, dnat } counter
                    jump dnat
                }
                chain dnat {
                    masquerade fully-random
                }
            }
            add rule ip nat post ip6 saddr set fd00::1
            """);

        Assert.Equal(
            [("policy.nft:5", "snat to 10.96.0.1:1024-2048 random", TranslationKind.Source), ("policy.nft:11", "masquerade fully-random", TranslationKind.Masquerade), ("policy.nft:14", "ip6 saddr set fd00::1", TranslationKind.Source)],
            found.OrderBy(f => int.Parse(f.Place.Split(':')[1], System.Globalization.CultureInfo.InvariantCulture)).Select(f => (f.Place, f.Words, f.Kind)));
        Assert.Equal(["eth1"], found.Single(f => f.Place == "policy.nft:5").LeavesBy);
        Assert.Equal(["10.96.0.1"], found.Single(f => f.Place == "policy.nft:5").Into.Select(i => i.ToString()));
    }

    [Fact]
    public void What_leads_to_a_rule_counts_with_it()
    {
        var found = Find("""
            table inet t {
                chain post {
                    type nat hook postrouting priority srcnat
                    oifname { "eth1", "eth3" } jump hide
                    oifname vmap { "eth4" : jump mapped, "eth5" : goto mapped, "eth6" : accept }
                    iifname "eth2" jump {
                        oifname "eth1" snat to 10.0.0.3
                    }
                }
                chain hide {
                    oifname "eth1" snat to 10.0.0.1
                    snat to 10.0.0.2
                }
                chain mapped {
                    snat to 10.0.0.4
                }
            }
            """);

        string Ways(string into) => string.Join(" ", found.Where(f => f.Words == "snat to " + into).Select(f => $"{List(f.ArrivesOn)}>{List(f.LeavesBy)}"));
        Assert.Equal("?>eth1", Ways("10.0.0.1"));
        Assert.Equal("?>eth1,eth3", Ways("10.0.0.2"));
        Assert.Equal("eth2>eth1", Ways("10.0.0.3"));
        Assert.Equal("?>eth4 ?>eth5", Ways("10.0.0.4"));
    }

    [Fact]
    public void A_chain_that_is_reached_in_two_ways_is_judged_by_both_and_one_that_a_set_leads_to_by_none()
    {
        var found = Find("""
            table inet t {
                map ways {
                    type ifname : verdict
                    elements = { "eth1" : jump led }
                }
                chain pre {
                    type nat hook prerouting priority dstnat
                    iifname "eth1" jump shared
                    jump shared
                    iifname vmap @ways
                }
                chain shared {
                    dnat to 10.0.0.1
                }
                chain led {
                    dnat to 10.0.0.2
                }
            }
            """);

        Assert.Equal(["eth1", "?"], found.Where(f => f.Words == "dnat to 10.0.0.1").Select(f => List(f.ArrivesOn)));
        Assert.Equal(["?"], found.Where(f => f.Words == "dnat to 10.0.0.2").Select(f => List(f.ArrivesOn)));
    }

    [Fact]
    public void What_only_the_hosts_own_packets_meet_is_left_out()
    {
        Assert.Empty(Find("table ip t {\nchain out {\ntype nat hook output priority -100\nip daddr 10.0.0.1 dnat to 10.0.0.2\nredirect to :53\n}\nchain in {\ntype nat hook input priority 100\nsnat to 10.0.0.3\n}\n}"));
    }

    [Fact]
    public void Chains_that_lead_to_one_another_end()
    {
        Assert.Single(Find("table ip t {\nchain a {\ntype nat hook prerouting priority 0\njump b\n}\nchain b {\njump c\n}\nchain c {\njump b\ndnat to 10.0.0.1\n}\n}"));
    }

    private static IReadOnlyList<AddressTranslation> Find(string text) => MemoryPolicySource.Load(text).Translations;

    private static string List(IReadOnlyList<string>? devices) => devices is null ? "?" : string.Join(",", devices);
}

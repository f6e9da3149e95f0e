using Maestro.Engine.Fabrics.Linux.Policy;

namespace Maestro.Engine.Tests.Fabrics.Linux.Policy;

public sealed class PolicyReadingTests
{
    [Fact]
    public void Comments_continuations_and_line_breaks_do_not_show_in_what_travels()
    {
        var written = MemoryPolicySource.Load("""
            #!/usr/sbin/nft -f

            table inet t { # a table
                set s { type ipv4_addr; elements = { 10.0.0.1,   # one
                    10.0.0.2 }; }
                chain c {
                    tcp dport 22 \
                        # with a comment between
                        accept; udp dport {53,123} drop
                }
            }
            """);
        var plain = MemoryPolicySource.Load("table inet t {\nset s {\ntype ipv4_addr\nelements={10.0.0.1,10.0.0.2}\n}\nchain c {\ntcp dport 22 accept\nudp dport { 53, 123 } drop\n}\n}");

        Assert.Equal("""
            table inet t {
            	set s {
            		type ipv4_addr
            		elements = { 10.0.0.1, 10.0.0.2 }
            	}
            	chain c {
            		tcp dport 22 accept
            		udp dport { 53, 123 } drop
            	}
            }

            """.ReplaceLineEndings("\n"), written.Text);
        Assert.Equal(plain.Identity, written.Identity);
    }

    [Fact]
    public void Blanks_that_nft_minds_are_kept() =>
        Assert.Contains("priority filter - 5\n\t\ttcp dport ssh-http accept\n\t\ttcp dport ssh - http accept", MemoryPolicySource.Load("table t { chain c { type filter hook input priority filter - 5; tcp dport ssh-http accept; tcp dport ssh - http accept; } }").Text, StringComparison.Ordinal);

    [Fact]
    public void What_travels_is_a_policy_that_reads_the_same()
    {
        var policy = MemoryPolicySource.Load("define a = { 1, 2 }\nadd table t; add chain t c { type filter hook input priority 0; }\nadd rule t c tcp dport $a log prefix \"x {\" jump { drop; } comment \"end\"\n");

        Assert.Equal(policy.Text, PolicyFile.Parse(policy.Text).Text);
    }

    [Fact]
    public void Long_sets_are_broken_behind_a_comma_and_lists_of_devices_are_not()
    {
        var elements = string.Join(",", Enumerable.Range(1, 100).Select(i => $"10.0.0.{i}"));
        var devices = string.Join(",", Enumerable.Range(1, 60).Select(i => $"device{i}"));

        var text = MemoryPolicySource.Load($"table netdev t {{ set s {{ type ipv4_addr; elements = {{ {elements} }}; }}\nchain c {{ type filter hook ingress devices = {{ {devices} }} priority 0; }} }}").Text;

        var lines = text.Split('\n');
        Assert.All(lines.Where(l => !l.Contains("devices", StringComparison.Ordinal)), l => Assert.InRange(l.Length, 0, 140));
        Assert.Single(lines, l => l.Contains("device1,", StringComparison.Ordinal) && l.Contains("device60", StringComparison.Ordinal));
    }

    [Fact]
    public void Family_verb_and_kind_are_written_out() => Assert.Equal(
        "table ip t\nadd chain ip t c\nadd rule ip t c accept\nadd rule ip t c drop\nadd rule ip t c tcp dport 5 drop\nadd ct helper ip t h {\n\ttype \"ftp\" protocol tcp\n}\n",
        MemoryPolicySource.Load("create table t\nchain t c\nrule t c accept\nadd t c drop\nip t c tcp dport 5 drop\nct helper t h { type \"ftp\" protocol tcp; }\n").Text);

    [Fact]
    public void Tables_are_named_once_each_in_their_order()
    {
        var policy = MemoryPolicySource.Load("table inet b { chain x { } }\ntable a\ntable ip6 a { }\ntable inet b { chain y { } }\n");

        Assert.Equal(["inet b", "ip a", "ip6 a"], policy.Tables.Select(t => t.ToString()));
    }

    [Fact]
    public void Each_place_leads_back_to_its_author()
    {
        var policy = MemoryPolicySource.Load("define p = 22\ninclude \"rules\"\n", ("rules", "table t {\n  chain c {\n    tcp dport $p accept; udp dport 99 drop\n  }\n}\n"));

        // "		tcp dport 22 accept": each tab is one byte.
        Assert.Equal(new PolicyPlace("rules", 3, 15), policy.Places.Find(3, 13));
        Assert.Equal(new PolicyPlace("rules", 3, 26), policy.Places.Find(4, 3));
        Assert.Equal(new PolicyPlace("rules", 3, 36), policy.Places.Find(4, 14));
        Assert.Null(policy.Places.Find(99, 1));
    }

    [Fact]
    public void Columns_count_bytes_as_nft_does()
    {
        var policy = MemoryPolicySource.Load("table t { chain c { tcp dport 1 comment \"été\" drop; } }");

        var line = policy.Text.Split('\n')[2];
        Assert.Equal(new PolicyPlace("policy.nft", 1, 47), policy.Places.Find(3, System.Text.Encoding.UTF8.GetByteCount(line[..line.IndexOf("drop", StringComparison.Ordinal)]) + 1));
    }

    [Theory]
    [InlineData("iif eth1 accept", "eth1")]
    [InlineData("meta iif != \"eth1\" accept", "eth1")]
    [InlineData("iif { eth2, lo, eth1 } oif vmap { eth3 : accept }", "eth1 eth2 eth3")]
    [InlineData("ip saddr . iif { 10.0.0.1 . eth1, 10.0.0.2 . eth2 } accept", "eth1 eth2")]
    [InlineData("iif . tcp dport vmap { eth1 . 22 : accept }", "eth1")]
    [InlineData("fib saddr . iif oif missing drop", "")]
    [InlineData("fib daddr . iif type != { local } drop", "")]
    [InlineData("iifname eth1 oifname \"eth2*\" accept", "")]
    [InlineData("iif @trusted accept", "")]
    [InlineData("iif 3 accept", "")]
    [InlineData("fwd to eth1", "eth1")]
    [InlineData("dup to 10.0.0.1 device \"eth1\"", "eth1")]
    [InlineData("fwd to numgen inc mod 2 map { 0 : eth1, 1 : \"eth2\" }", "eth1 eth2")]
    public void Devices_that_must_exist_are_found(string rule, string devices) =>
        Assert.Equal(devices, string.Join(' ', MemoryPolicySource.Load($"table ip t {{ chain c {{ {rule}; }} }}").Devices));

    [Fact]
    public void Devices_are_found_in_chains_sets_and_maps()
    {
        var policy = MemoryPolicySource.Load("""
            define up = { e4, e5 }
            table netdev t {
                chain a { type filter hook ingress device "e1" priority 0; }
                chain b { type filter hook ingress devices = { e2, e3 } priority 0; }
                chain c { type filter hook ingress devices = $up priority 0; }
                set s { type iface_index; elements = { e6, "e7" }; }
                map m { typeof tcp dport . iif : verdict; elements = { 22 . e8 : accept }; }
                map n { type inet_service : iface_index; elements = { 22 : e9 }; }
                set names { type ifname; elements = { "other" }; }
            }
            """);

        Assert.Equal(["e1", "e2", "e3", "e4", "e5", "e6", "e7", "e8", "e9"], policy.Devices);
    }
}

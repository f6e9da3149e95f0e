using System.Text.RegularExpressions;

namespace Maestro.Engine.Tests.Fabrics.Linux.Policy;

/// <summary>What traffic put into the old generation, and what of it is in the new one. Real kernel, the gateway's own scripts.</summary>
public sealed class CarryOverTests : IDisposable
{
    private const string Before = """
        table inet t {
            quota spent { over 10 mbytes }
            quota open { 5 mbytes }
            set learned { type ipv4_addr; size 100; flags dynamic,timeout; timeout 10m; elements = { 192.0.2.1, 192.0.2.2 }; }
            set pairs { type ipv4_addr . inet_service; size 100; flags dynamic; counter; }
            set counted { type ipv4_addr; size 100; flags dynamic; quota over 1 mbytes; }
            set changing { type ipv4_addr; size 100; flags dynamic; }
            set networks { type ipv4_addr; flags interval,timeout; elements = { 10.1.0.0/16 timeout 2h comment "from the policy, of course" }; }
            map sent { typeof ip saddr . udp dport : meta mark; size 100; flags dynamic,timeout; timeout 10m; }
            set fixed { type inet_service; elements = { 22 }; }
            chain output {
                type filter hook output priority 0; policy accept;
                udp dport 7 update @learned { ip daddr timeout 5m } add @pairs { ip daddr . udp dport } add @changing { ip daddr }
                udp dport 9 update @sent { ip saddr . udp dport : 0x17 } add @counted { ip daddr }
                udp dport 9 quota name "spent"
            }
        }
        """;

    private readonly Sandbox _sandbox = new();

    public void Dispose() => _sandbox.Dispose();

    [SkippableFact]
    public void Sets_maps_and_quotas_go_on_with_what_traffic_put_in()
    {
        var (said, listing) = Change(Before.Replace("over 10 mbytes", "over 20 mbytes", StringComparison.Ordinal).Replace("udp dport 7 ", "udp dport 7 counter ", StringComparison.Ordinal));

        Assert.Contains("proven", said, StringComparison.Ordinal);
        Assert.Matches(@"over 20 mbytes used [1-9]\d* bytes", listing);
        Assert.Equal(["127.0.0.1", "127.0.0.2", "127.0.0.3", "192.0.2.1", "192.0.2.2"], Keys(listing, "learned"));
        Assert.Equal(["127.0.0.1 . 7", "127.0.0.2 . 7", "127.0.0.3 . 7"], Keys(listing, "pairs"));
        Assert.Contains("127.0.0.1 . 7 counter packets 1 bytes 36", listing, StringComparison.Ordinal);
        Assert.Matches(@"127\.0\.0\.1 timeout 5m expires 4m\d+s", listing);
        Assert.Matches(@"127\.0\.0\.1 \. 9 expires 9m\d+s(\d+ms)? : 0x00000017", listing);
    }

    [SkippableFact]
    public void Elements_that_another_program_added_stay_too()
    {
        var (_, listing) = Change(Before, """nft add element inet t networks '{ 10.2.0.0/16 timeout 1h comment "by hand, }" }'""");

        Assert.Contains("10.2.0.0/16 timeout 1h", listing, StringComparison.Ordinal);
        Assert.Contains("comment \"by hand, }\"", listing, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Of_what_the_policy_itself_put_in_the_new_policy_decides()
    {
        var (_, listing) = Change(Before.Replace("192.0.2.1, 192.0.2.2", "192.0.2.2, 192.0.2.3", StringComparison.Ordinal).Replace("10.1.0.0/16 timeout 2h", "10.3.0.0/16 timeout 3h", StringComparison.Ordinal));

        Assert.Equal(["127.0.0.1", "127.0.0.2", "127.0.0.3", "192.0.2.2", "192.0.2.3"], Keys(listing, "learned"));
        Assert.Equal(["10.3.0.0/16"], Keys(listing, "networks"));
    }

    [SkippableFact]
    public void A_set_of_another_type_begins_empty_and_that_is_said()
    {
        var (said, listing) = Change(Before.Replace("set changing { type ipv4_addr", "set changing { type inet_service", StringComparison.Ordinal).Replace("add @changing { ip daddr }", "add @changing { udp dport }", StringComparison.Ordinal));

        Assert.Contains("@lost inet t changing: it was \"type ipv4_addr\" and is \"type inet_service\"\n", said, StringComparison.Ordinal);
        Assert.Contains("proven\n", said, StringComparison.Ordinal);
        Assert.Empty(Keys(listing, "changing"));
        Assert.NotEmpty(Keys(listing, "pairs"));
    }

    [SkippableFact]
    public void A_set_that_became_too_small_is_left_behind_and_the_others_are_not()
    {
        var (said, listing) = Change(Before.Replace("set changing { type ipv4_addr; size 100", "set changing { type ipv4_addr; size 2", StringComparison.Ordinal));

        Assert.Contains("@lost inet t changing: the new set does not take the elements\n", said, StringComparison.Ordinal);
        Assert.Contains("proven\n", said, StringComparison.Ordinal);
        Assert.Empty(Keys(listing, "changing"));
        Assert.Equal(["127.0.0.1", "127.0.0.2", "127.0.0.3", "192.0.2.1", "192.0.2.2"], Keys(listing, "learned"));
    }

    [SkippableFact]
    public void Elements_with_a_quota_stay_and_what_begins_anew_is_said()
    {
        var (said, listing) = Change(Before);

        Assert.Equal(["127.0.0.1", "127.0.0.2", "127.0.0.3"], Keys(listing, "counted"));
        // nft 1.0.6 cannot read what it lists; one that can loses nothing.
        if (!listing.Contains("mbytes used", StringComparison.Ordinal)) Assert.Contains("@lost inet t counted: what its elements had used of their quota\n", said, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void A_set_that_is_gone_or_fixed_now_is_no_trouble()
    {
        var (said, listing) = Change("""
            table inet t {
                set pairs { type ipv4_addr . inet_service; elements = { 192.0.2.1 . 1 }; }
                chain output { type filter hook output priority 0; ip daddr . udp dport @pairs drop; }
            }
            table ip fresh { set s { type ipv4_addr; size 9; flags dynamic; }
            }
            """);

        Assert.Equal("proven\n", said);
        Assert.Equal(["192.0.2.1 . 1"], Keys(listing, "pairs"));
    }

    [SkippableTheory]
    [InlineData("add quota inet t spent over 20 mbytes")]
    [InlineData("add quota inet t spent { over 20 mbytes; }")]
    public void A_quota_goes_on_however_it_is_declared(string declaration)
    {
        var (_, listing) = Change("table inet t { chain output { type filter hook output priority 0; } }\n" + declaration + "\nadd rule inet t output quota name spent\n");

        Assert.Matches(@"over 20 mbytes used [1-9]\d* bytes", listing);
    }

    [SkippableFact]
    public void What_the_policy_says_of_a_quotas_use_counts_more()
    {
        var (_, listing) = Change(Before.Replace("over 10 mbytes", "over 10 mbytes used 3 mbytes", StringComparison.Ordinal));

        Assert.Contains("over 10 mbytes used 3 mbytes", listing, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void A_stale_epoch_leaves_everything_as_it_is()
    {
        Sandbox.SkipIfUnavailable();
        _sandbox.Put(1, MemoryPolicySource.Load(Before));
        _sandbox.Put(2, MemoryPolicySource.Load("table inet other { }"));

        var said = _sandbox.Run("""
            accept_epoch 7
            stage 1
            stage 2
            load 1
            nft flush set inet maestro epoch
            nft add element inet maestro epoch '{ 8 }'
            load_generation 2 carry && echo loaded
            nft list table inet other 2>/dev/null && echo there
            prove 1
            """);

        Assert.EndsWith("proven\n", said, StringComparison.Ordinal);
        Assert.DoesNotContain("loaded", said, StringComparison.Ordinal);
        Assert.DoesNotContain("there", said, StringComparison.Ordinal);
    }

    /// <summary>Loads the first policy, sends datagrams, loads the second; gives what was said from then on, and the kernel's tables.</summary>
    private (string Said, string Listing) Change(string after, string between = ":")
    {
        Sandbox.SkipIfUnavailable();
        _sandbox.Put(1, MemoryPolicySource.Load(Before));
        _sandbox.Put(2, MemoryPolicySource.Load(after));
        var said = _sandbox.Run($"""
            accept_epoch 7
            stage 1
            stage 2
            load 1
            traffic
            {between}
            load 2 carry
            prove 2
            echo =====
            nft list table inet t
            """);
        var parts = said.Split("=====\n");
        return (parts[0], parts.Length > 1 ? parts[1] : "");
    }

    /// <summary>The keys of a set's elements in a listing, sorted.</summary>
    private static IEnumerable<string> Keys(string listing, string set)
    {
        var block = Regex.Match(listing, $@"\t(set|map) {set} \{{.*?\n\t\}}", RegexOptions.Singleline).Value;
        var elements = Regex.Match(block, @"elements = \{ (.*) \}", RegexOptions.Singleline).Groups[1].Value;
        return Regex.Replace(elements, "\"[^\"]*\"", "\"\"").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(e => Regex.Replace(e, " (counter|quota|timeout|expires|comment|:) ?.*$", "")).Order(StringComparer.Ordinal);
    }
}

using Maestro.Engine.Fabrics.Linux.Policy;
using Maestro.Engine.Fabrics.Linux.Policy.Json;

namespace Maestro.Engine.Tests.Fabrics.Linux.Policy.Json;

public sealed class JsonPolicyTests
{
    [Fact]
    public void Established_connections_come_first_then_the_rules_in_their_order_and_the_rest_is_dropped() => Assert.Equal(
        [
            "table inet policy_rules {", "chain forward {", "type filter hook forward priority filter", "policy drop", "ct state established, related accept",
            "ip daddr 203.0.113.80 tcp dport { 80, 443 } accept comment \"web\"", "udp dport 53 drop comment \"no names\"", "}", "}",
        ],
        Lines("""{ "name": "web", "destination": "203.0.113.80", "service": ["tcp/443", "tcp/80"], "action": "accept" }, { "name": "no names", "service": "udp/53", "action": "drop" }"""));

    [Fact]
    public void What_no_rule_matches_may_be_accepted_instead() => Assert.Contains("policy accept", Text("""{ "version": 1, "default": "accept", "rules": [] }"""), StringComparison.Ordinal);

    [Theory]
    [InlineData("\"source\": \"a\"", "ip saddr { 10.0.0.1, 10.0.0.5-10.0.0.9 } ; ip6 saddr 2001:db8::/32")]
    [InlineData("\"source\": \"a\", \"destination\": \"10.1.0.0/16\"", "ip saddr { 10.0.0.1, 10.0.0.5-10.0.0.9 } ip daddr 10.1.0.0/16")]
    [InlineData("\"source\": \"b\"", "ip saddr { 10.0.0.1, 10.0.0.5-10.0.0.9, 192.0.2.0/24 } ; ip6 saddr 2001:db8::/32")]
    [InlineData("\"source\": [\"any\", \"a\"]", "")]
    [InlineData("\"service\": \"s\"", "tcp dport { 80, 443 } ; udp dport 5000-5100")]
    [InlineData("\"service\": [\"tcp\", \"tcp/80\", \"gre\"]", "meta l4proto { gre, tcp }")]
    [InlineData("\"service\": \"icmp\"", "meta l4proto { icmp, ipv6-icmp }")]
    [InlineData("\"service\": \"icmp\", \"source\": \"10.0.0.0/8\"", "ip saddr 10.0.0.0/8 meta l4proto icmp")]
    [InlineData("\"service\": \"icmp\", \"source\": \"::1\"", "ip6 saddr ::1 meta l4proto ipv6-icmp")]
    [InlineData("\"service\": [\"tcp/1-10\", \"tcp/5-20\", \"tcp/30\"]", "tcp dport { 1-20, 30 }")]
    [InlineData("\"source\": [\"10.0.0.0/8\", \"10.1.0.0/16\", \"10.1.2.3\"]", "ip saddr 10.0.0.0/8")]
    public void A_rule_becomes_as_many_as_nft_needs(string sides, string wanted)
    {
        var rules = Lines($$"""{ "name": "r", {{sides}}, "action": "accept" }""", """ "networks": { "a": ["10.0.0.1", "10.0.0.5-10.0.0.9", "2001:db8::/32"], "b": ["a", "192.0.2.0/24"] }, "services": { "s": ["tcp/80", "w", "udp/5000-5100"], "w": "tcp/443" }, """)
            .Where(l => l.EndsWith("comment \"r\"", StringComparison.Ordinal)).Select(l => l.Replace("accept comment \"r\"", "", StringComparison.Ordinal).Trim());
        Assert.Equal(wanted, string.Join(" ; ", rules));
    }

    [Theory]
    [InlineData("true", "log prefix \"r: \" reject")]
    [InlineData("\"shop refused:\"", "log prefix \"shop refused: \" reject")]
    [InlineData("false", "reject comment")]
    public void What_matches_is_logged_when_the_rule_says_so(string log, string wanted) =>
        Assert.Contains(wanted, string.Join('\n', Lines($$"""{ "name": "r", "action": "reject", "log": {{log}} }""")), StringComparison.Ordinal);

    [Fact]
    public void All_faults_are_told_at_once_each_where_it_stands()
    {
        const string Policy = """
            {
              "version": 1, "defualt": "drop",
              "networks": { "web": "203.0.113.80/24", "loop": ["loop"], "any": "10.0.0.1" },
              "services": { "odd": "icmp/8", "far": "tcp/70000" },
              "rules": [
                { "name": "a", "source": "wep", "action": "accept" },
                { "name": "a", "action": "allow" },
                { "destination": "10.0.0.1", "source": "::1", "action": "drop" },
                { "name": "say \"x\"", "service": 7, "action": "drop", "log": 3 },
                7
              ]
            }
            """;
        Assert.Equal(
            [
                "p.json:2:17: unknown key 'defualt'; did you mean 'default'?",
                "p.json:3:24: '203.0.113.80/24' has bits behind its prefix; '203.0.113.0/24' is the network",
                "p.json:3:52: the network 'loop' is made of itself",
                "p.json:3:61: no network can be called 'any'",
                "p.json:4:24: 'icmp/8' is no service: tcp, udp, sctp have ports, as in tcp/443 or udp/5000-5100; icmp, esp, ah, gre have none",
                "p.json:4:41: 'tcp/70000' is no service: tcp, udp, sctp have ports, as in tcp/443 or udp/5000-5100; icmp, esp, ah, gre have none",
                "p.json:6:30: there is no network 'wep'; did you mean 'web'?",
                "p.json:7:15: the rule 'a' stands here twice",
                "p.json:7:30: 'action' may be accept, drop, reject",
                "p.json:8:5: 'name' is missing",
                "p.json:9:15: 'name' holds a sign that nft takes in no text: \", \\, $, @ or a control character",
                "p.json:9:39: a service is text, or a list of texts",
                "p.json:9:67: 'log' is true, false, or the text that stands before each line of the log",
                "p.json:10:5: 'rules' holds objects only",
            ],
            Assert.Throws<PolicyInvalidException>(() => JsonPolicy.Compile(Policy, "p.json")).Problems.OrderBy(p => p.Line).ThenBy(p => p.Column).Select(p => p.ToString()));
    }

    [Theory]
    [InlineData("""{ "version": 1, "rules": [ { "name": "r", "source": "10.0.0.1", "destination": "::1", "action": "drop" } ] }""", "1:28: source and destination have no address family in common, so the rule matches nothing")]
    [InlineData("""{ "version": 1, "rules": {} }""", "1:26: 'rules' must be a list")]
    [InlineData("""{ "version": 2, "rules": [] }""", "1:14: this Maestro reads version 1")]
    [InlineData("""{ "rules": [] }""", "1:1: 'version' is missing; this Maestro reads version 1")]
    [InlineData("""{ "version": 1 }""", "1:1: 'rules' is missing")]
    [InlineData("""{ "version": 1, "rules": [ { "name": "r" } ] }""", "1:28: 'action' is missing")]
    [InlineData("""{ "version": 1, "rules": [], "networks": { "a": [] } }""", "1:49: an empty list names no network; leave it out for any")]
    [InlineData("""{ "version": 1, "rules": [], "networks": { "a": "10.0.0.9-10.0.0.1" } }""", "1:49: a range ends with an address of the same family that is not below its first, not with '10.0.0.1'")]
    public void Each_fault_has_its_sentence(string policy, string fault) =>
        Assert.Equal("p.json:" + fault, Assert.Single(Assert.Throws<PolicyInvalidException>(() => JsonPolicy.Compile(policy, "p.json")).Problems).ToString());

    [Fact]
    public void What_is_no_JSON_says_where() =>
        Assert.Equal(2, Assert.Single(Assert.Throws<PolicyInvalidException>(() => JsonPolicy.Compile("{ \"version\": 1,\n  \"rules\": [ }", "p.json")).Problems).Line);

    /// <summary>A gateway's own nft speaks of the compiled text; its author must be led to the rule.</summary>
    [Fact]
    public void Each_rule_leads_back_to_its_line_and_column()
    {
        var policy = Load("{\n  \"version\": 1,\n  \"rules\": [\n    { \"name\": \"a\", \"service\": \"tcp/1\", \"action\": \"accept\" },\n\n      { \"name\": \"b\", \"service\": \"tcp/2\", \"action\": \"accept\" }\n  ]\n}\n");
        var lines = policy.Text.Split('\n').ToList();
        Assert.Equal(new PolicyPlace("p.json", 4, 5), policy.Places.Find(lines.FindIndex(l => l.Contains("dport 1 ", StringComparison.Ordinal)) + 1, 1));
        Assert.Equal(new PolicyPlace("p.json", 6, 7), policy.Places.Find(lines.FindIndex(l => l.Contains("dport 2 ", StringComparison.Ordinal)) + 1, 1));
    }

    [SkippableFact]
    public void The_shipped_example_and_every_kind_of_term_load_into_a_real_kernel_and_are_proven()
    {
        Sandbox.SkipIfUnavailable();
        const string Everything = """
            { "version": 1, "default": "accept",
              "networks": { "n": ["10.0.0.0/8", "10.1.0.0/16", "192.0.2.5-192.0.2.9", "192.0.2.7-192.0.2.20", "2001:db8::/32", "2001:db8:1::1", "0.0.0.0", "255.255.255.255"], "all": "0.0.0.0/0" },
              "services": { "s": ["tcp/0-65535", "udp/53", "udp/50-60", "sctp/2905", "icmp", "esp", "ah", "gre"] },
              "rules": [ { "name": "größer als # ; { } alles", "source": "n", "destination": ["n", "::1"], "service": "s", "action": "reject", "log": true }, { "name": "x", "source": "all", "service": "tcp", "action": "drop", "log": "p" } ] }
            """;
        var example = File.ReadAllText(Path.Combine(RepositoryRoot(), "examples", "policy.json"));
        foreach (var text in new[] { Everything, example })
        {
            using var sandbox = new Sandbox();
            sandbox.Put(1, Load(text));
            Assert.Equal("proven\n", sandbox.Run("accept_epoch 3\nstage 1\nload 1\nprove 1\n"));
        }
    }

    private static string RepositoryRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Maestro.sln"))) folder = Path.GetDirectoryName(folder)!;
        return folder;
    }

    private static NftPolicy Load(string json) => NftPolicyLoader.Load("p.json", new MemoryPolicySource(("p.json", JsonPolicy.Compile(json, "p.json"))));

    private static string Text(string json) => Load(json).Text;

    private static IReadOnlyList<string> Lines(string rules, string more = "") =>
        [.. Text($$"""{ "version": 1, {{more}} "rules": [ {{rules}} ] }""").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Trim())];
}

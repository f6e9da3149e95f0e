using System.Net;
using Maestro.Engine.Clustering.Distribution;
using Maestro.Engine.Clustering.Distribution.Nat;
using Maestro.Engine.Model.Distribution;
using Maestro.Engine.Tests.Fabrics.Linux.Policy;

namespace Maestro.Engine.Tests.Clustering.Distribution.Nat;

public sealed class NatJudgeTests
{
    private static readonly FlowRules ByAddress = new(DistributionMode.AutoTopology, Layer4: false, Seed: 0);

    private static readonly IReadOnlyList<MemberDownlink> Downlinks =
    [
        new("fw-a1", "eth1", FlowSide.Outside, IPAddress.Parse("10.91.1.1")), new("fw-a1", "eth2", FlowSide.Inside, IPAddress.Parse("10.92.1.1")),
        new("fw-a2", "eth1", FlowSide.Outside, IPAddress.Parse("10.91.1.2")), new("fw-a2", "eth2", FlowSide.Inside, null),
        new("fw-a1", "odd0", FlowSide.Inside, null), new("fw-a2", "odd0", FlowSide.Outside, null), new("fw-a1", "eth7", null, null),
    ];

    [Theory]
    [InlineData("oifname \"eth1\" snat to 10.96.0.1")]
    [InlineData("oif eth1 snat ip to 10.96.0.1-10.96.0.9")]
    [InlineData("iifname \"eth2\" oifname { \"eth1\" } ip saddr 10.0.0.0/8 tcp dport 80 snat to 10.96.0.1:1024-65535 random")]
    [InlineData("iifname \"eth2\" snat to ip saddr map { 10.0.0.1 : 10.96.0.1 }")]
    [InlineData("oifname \"eth1\" ip saddr set 10.96.0.1")]
    [InlineData("iifname \"eth1\" dnat to 10.95.2.1:8080")]
    [InlineData("meta iifname == \"eth1\" tcp dport { 80, 443 } dnat to 10.95.2.1")]
    [InlineData("iifname \"eth1\" ip6 daddr fd00::1 dnat ip6 to [fd00::2]:8080")]
    [InlineData("iifname \"eth1\" tcp dport set 8080")]
    public void What_translates_the_inside_end_can_be_distributed(string rule) => Assert.Null(Judge(rule, ByAddress));

    [Theory]
    [InlineData("snat to 10.96.0.1", "does not say for certain that the packet leaves on a downlink to the outside", "add oifname { \"eth1\", \"odd0\" } to the rule")]
    [InlineData("oifname != \"eth2\" snat to 10.96.0.1", "does not say for certain", "add oifname")]
    [InlineData("oifname \"eth*\" snat to 10.96.0.1", "does not say for certain", "add oifname")]
    [InlineData("oifname @wan snat to 10.96.0.1", "does not say for certain", "add oifname")]
    [InlineData("oifname . ip saddr { \"eth1\" . 10.0.0.1 } snat to 10.96.0.1", "does not say for certain", "add oifname")]
    [InlineData("oifname \"eth2\" snat to 10.96.0.1", "\"eth2\" leads to the inside, so it translates the end outside", "translate the other end")]
    [InlineData("oifname { \"eth1\", \"eth2\" } snat to 10.96.0.1", "\"eth2\" leads to the inside", "translate the other end")]
    [InlineData("iifname \"eth1\" oifname \"eth1\" snat to 10.96.0.1", "it translates the end outside", "translate the other end")]
    [InlineData("iifname \"eth1\" snat to 10.96.0.1", "\"eth1\" leads to the outside", "translate the other end")]
    [InlineData("oifname \"eth9\" snat to 10.96.0.1", "\"eth9\" is no downlink of any member with a side", "name the downlinks of the inventory")]
    [InlineData("oifname \"eth7\" snat to 10.96.0.1", "\"eth7\" is no downlink of any member with a side", "name the downlinks of the inventory")]
    [InlineData("oifname \"odd0\" snat to 10.96.0.1", "\"odd0\" leads to the inside on some members", "same name on all members")]
    [InlineData("oifname \"eth1\" snat to 10.91.1.2", "10.91.1.2 is fw-a2's own address", "an address that no member has")]
    [InlineData("dnat to 10.95.2.1", "does not say for certain that the packet comes in on a downlink to the outside", "add iifname")]
    [InlineData("iifname \"eth2\" dnat to 10.94.2.1", "\"eth2\" leads to the inside", "translate the other end")]
    [InlineData("oifname \"eth1\" masquerade", "takes the address of the member's own device", "snat to")]
    [InlineData("iifname \"eth1\" tcp dport 80 redirect to :8080", "end at the member itself", "dnat to")]
    public void What_translates_the_other_end_or_does_not_say_is_refused_with_a_way_out(string rule, string why, string wayOut)
    {
        var obstacle = Judge(rule, ByAddress);
        Assert.Contains(why, obstacle!.Reason, StringComparison.Ordinal);
        Assert.Contains(wayOut, obstacle.WayOut, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("oifname \"eth1\" snat to 10.96.0.1", true)]
    [InlineData("iifname \"eth1\" dnat to 10.95.2.1", false)]
    [InlineData("iifname \"eth1\" dnat to 10.95.2.1:8080", true)]
    [InlineData("iifname \"eth1\" dnat to fd00::2", false)]
    [InlineData("iifname \"eth1\" dnat to [fd00::2]:80", true)]
    [InlineData("iifname \"eth1\" dnat to tcp dport map { 80 : 10.0.0.1 }", true)]
    public void With_layer_4_the_port_inside_must_stay(string rule, bool isRefused)
    {
        var obstacle = Judge(rule, ByAddress with { Layer4 = true });
        Assert.Equal(isRefused, obstacle is not null);
        if (obstacle is not null) Assert.Equal("Set-GroupDistribution -Layer4 $false", obstacle.WayOut);
    }

    [Theory]
    [InlineData(DistributionMode.General)]
    [InlineData(DistributionMode.User)]
    [InlineData(DistributionMode.Network)]
    public void In_other_modes_the_slot_depends_on_what_is_translated(DistributionMode mode)
    {
        var obstacle = Judge("oifname \"eth1\" snat to 10.96.0.1", ByAddress with { Mode = mode })!;
        Assert.Contains($"in mode {mode}", obstacle.Reason, StringComparison.Ordinal);
        Assert.Equal("Set-GroupDistribution -Mode AutoTopology -Layer4 $false", obstacle.WayOut);
    }

    [Fact]
    public void Only_what_names_where_it_comes_from_leaves_out_what_members_begin_themselves()
    {
        Assert.True(NatJudge.TranslatesOwn(Translation("oifname \"eth1\" snat to 10.96.0.1")));
        Assert.False(NatJudge.TranslatesOwn(Translation("iifname \"eth2\" oifname \"eth1\" snat to 10.96.0.1")));
        Assert.False(NatJudge.TranslatesOwn(Translation("iifname \"eth1\" dnat to 10.95.2.1")));
    }

    private static NatObstacle? Judge(string rule, FlowRules rules) => NatJudge.Find(Translation(rule), rules, Downlinks);

    private static AddressTranslation Translation(string rule) =>
        Assert.Single(MemoryPolicySource.Load($"table inet t {{\nset wan {{ type ifname; }}\nchain c {{\ntype filter hook forward priority 0\n{rule}\n}}\n}}").Translations);
}

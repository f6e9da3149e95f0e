using System.Globalization;
using Maestro.Engine.Clustering.Distribution;
using Maestro.Engine.Fabrics.Linux.Inventory;
using Maestro.Engine.Fabrics.Linux.Ssh;
using Maestro.Engine.Fabrics.Linux.Traffic;
using Maestro.Engine.Model.Distribution;
using Maestro.Engine.Model.Groups;
using Maestro.Testbeds;

namespace Maestro.Engine.Tests.Fabrics.Linux.Distribution;

/// <summary>Through the kernel at hand: what is written is read back as it was, rules and ways included.</summary>
public sealed class SteeringTableTests
{
    private static readonly InventoryOrchestrator Orchestrator = new()
    {
        Host = Host("1_1"),
        Ports =
        [
            new("1/1/1", "out0", "uplink", "outside", "", ""), new("1/1/2", "in0", "uplink", "inside", "", ""), new("1/1/3", "in1.7", "uplink", "inside", "", ""),
            new("1/2/1", "down0", "downlink", "outside", "", ""),
        ],
    };

    private static readonly SteeredGroup Group = new()
    {
        Id = 7,
        Name = "dmz",
        Members = [.. Enumerable.Range(1, 5).Select(n => new SteeredMember(new MemberId(n < 4 ? 1 : 2, n), n, MemberState.Active, Gateway(n)))],
        Uplinks = ["1/1/1", "1/1/2", "1/1/3"],
        OwnAddresses = [System.Net.IPAddress.Parse("10.90.1.11"), System.Net.IPAddress.Parse("10.90.2.9"), System.Net.IPAddress.Parse("2001:db8::11")],
    };

    [TestbedTheory]
    [InlineData(DistributionMode.General, true, 512)]
    [InlineData(DistributionMode.General, false, 2)]
    [InlineData(DistributionMode.AutoTopology, true, 65536)]
    [InlineData(DistributionMode.User, true, 16)]
    [InlineData(DistributionMode.Network, false, 1024)]
    public async Task A_table_reads_back_from_the_kernel_as_it_was_written(DistributionMode mode, bool layer4, int slots)
    {
        SlotMember[] members = [.. Group.Members.Select(m => new SlotMember(m.Id, m.Weight!.Value, Carries: m.Id.Site == 1))];
        var first = new DistributionTable(new FlowRules(mode, layer4, 0), RendezvousTable.Build(slots, members, version: 41));
        var second = new DistributionTable(new FlowRules(mode, !layer4, uint.MaxValue), SlotPlanner.Promote(first.Slots, members.Skip(1)).Table);

        var seen = await WriteAsync(first, (first, ""), (second, "41"));

        Assert.Equal("42", seen.Version);
        Assert.Equal(second, seen.Table);
        var rules = SteeringRule.Of(Group, second.Rules, slots, Orchestrator).Select(r => $"{r.Chain}: {r.Words}");
        Assert.Equal(rules.OrderBy(r => r, StringComparer.Ordinal), seen.Rules.OrderBy(r => r, StringComparer.Ordinal));
        var routes = SteeringRoute.Of(Group, first.Slots);
        Assert.Equal(20, routes.Count);
        Assert.Equal(routes.ToHashSet(), seen.Routes.ToHashSet());
        Assert.Equal(routes.Select(r => (r.Family, r.Mark)).ToHashSet(), seen.Ruled.ToHashSet());
    }

    [TestbedFact]
    public async Task A_table_of_another_version_than_was_seen_stays_as_it_is()
    {
        SlotMember[] members = [.. Group.Members.Select(m => new SlotMember(m.Id, 1))];
        var first = new DistributionTable(FlowRules.Default, RendezvousTable.Build(16, members, version: 3));
        var late = first with { Slots = first.Slots.WithVersion(5) };

        var seen = await WriteAsync(first, (first, ""), (late, "4"), (late, ""), (late, "5"));

        Assert.Equal(first, seen.Table);
    }

    [TestbedFact]
    public async Task A_table_that_says_no_version_is_replaced_as_a_whole()
    {
        var table = new DistributionTable(FlowRules.Default, RendezvousTable.Build(16, [new(new(1, 1), 1)], version: 3));

        var seen = await WriteAsync(table, (table, ""), (table, SteeringListing.NoVersion));

        Assert.Equal(table, seen.Table);
    }

    [Fact]
    public void Who_has_a_share_keeps_it_while_it_is_silent_or_about_to_be_active_and_loses_it_when_it_was_judged()
    {
        MemberState[] states = [MemberState.Active, MemberState.Joining, MemberState.Lost, MemberState.Joining, MemberState.Lost];
        var group = Group with { Members = [.. Group.Members.Select((m, i) => m with { State = states[i] })] };
        var slots = RendezvousTable.Build(16, Group.Members.Take(3).Select(m => new SlotMember(m.Id, 2)), version: 1);

        Assert.Equal(["1_1", "1_2", "1_3"], group.CarryingOf(slots, []).Select(m => m.ToString()));
        Assert.Equal(["1_1", "1_2", "1_3", "2_4"], group.CarryingOf(slots, [], joining: new(2, 4)).Select(m => m.ToString()));
        Assert.Equal(["1_1", "1_2"], group.CarryingOf(slots, [new(1, 3)]).Select(m => m.ToString()));
        Assert.Equal(["1_1"], group.CarryingOf(null, []).Select(m => m.ToString()));
    }

    /// <summary>One transaction after another, each on top of what is said to be there; then all is read.</summary>
    private static async Task<SteeringListing> WriteAsync(DistributionTable routed, params (DistributionTable Table, string Expected)[] steps)
    {
        var transactions = steps.Select(s => $"nft -f - <<'TABLE'\n{SteeringTable.Transaction(Group, s.Table, Orchestrator, s.Expected)}TABLE\n");
        var routes = SteeringRoute.Of(Group, routed.Slots);
        string Routes(int family) => $"sed -n 's/^{family.ToString(CultureInfo.InvariantCulture)} //p' <<'ROUTES' | ip -{family.ToString(CultureInfo.InvariantCulture)} -force -batch -\n{string.Concat(routes.Select(r => r.Adding()))}ROUTES\n";
        var output = await ScratchNamespace.RunAsync($$"""
            ip link add down0 type veth peer name other
            ip address add 10.91.0.1/16 dev down0
            ip address add 2001:db8:91::1/64 dev down0 nodad
            ip link set down0 up
            ip link set other up
            {
            {{string.Concat(transactions)}}
            {{Routes(4)}}{{Routes(6)}}
            } > /dev/null 2>&1
            version=$(nft list set inet {{Group.TableName}} version | sed -n 's/.*elements = { \(0x[0-9a-f]*\) }.*/\1/p')
            echo "@version $((version))"
            echo "@section table"
            nft -j list table inet {{Group.TableName}}
            for family in 4 6; do
              echo "@section rules$family"
              ip -$family rule show
              echo "@section routes$family"
              ip -$family route show table all proto {{SteeringRoute.Protocol}}
            done
            echo "@outcome done"
            """);
        return SteeringListing.Read(Group.Id, new ScriptAnswer(ScriptOutcome.Answered, 0, output));
    }

    private static InventoryGateway Gateway(int number) => new()
    {
        Host = Host("fw-" + number),
        Downlinks =
        [
            .. new[] { "outside", "inside" }.SelectMany((side, i) => new[] { $"10.91.{i + 1}.{number}/16", $"2001:db8:91::{i + 1}:{number}/64" }.Select(a => new InventoryDownlink("eth1", side, a))),
        ],
    };

    private static HostEndpoint Host(string id) => new() { Id = id, Address = "192.0.2.1", User = "root" };
}

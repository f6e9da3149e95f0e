using System.Net;
using Maestro.Engine.Clustering.Distribution;
using Maestro.Engine.Model.Distribution;
using Maestro.Engine.Model.Groups;

namespace Maestro.Engine.Tests.Clustering.Distribution;

public sealed class FlowMovesTests
{
    private static readonly MemberId One = new(1, 1);
    private static readonly MemberId Two = new(1, 2);
    private static readonly MemberId Three = new(1, 3);

    private static readonly DistributionTable All = Table(One, Two, Three);

    [Fact]
    public void Only_connections_whose_slot_moves_go_and_each_to_who_carries_it_then()
    {
        var without = All with { Slots = SlotPlanner.Rebalance(All.Slots, All.Slots.Members.Where(m => m.Id != Two)).Table };
        var moves = new FlowMoves(All, without);
        Assert.Equal((false, false), (moves.IsEmpty, moves.ReadsAnew));
        Assert.Equal([Two], moves.Givers);
        Assert.Equal([One, Three], moves.Takers);

        foreach (var flow in Flows())
        {
            foreach (var side in new[] { FlowSide.Outside, FlowSide.Inside })
            {
                var slot = All.Rules.SlotOf(flow, side, All.Slots.SlotCount);
                var (was, becomes) = (All.Slots.ActiveOf(slot)!.Id, without.Slots.ActiveOf(slot)!.Id);
                var move = moves.Of(was, flow);
                if (was == becomes) Assert.True(move.MayStay);
                else Assert.Contains(becomes, move.To);
            }

            // Who has no slot of it, whichever side it entered on, has at most what is left of another time.
            foreach (var other in new[] { One, Two, Three }.Where(m => Owners(All, flow).All(o => o != m))) Assert.Empty(moves.Of(other, flow).To);
        }
    }

    [Fact]
    public void A_table_that_reads_packets_anew_moves_each_flow_by_both_readings()
    {
        var other = All.With(All.Rules with { Mode = DistributionMode.AutoTopology }, All.Slots.SlotCount);
        var moves = new FlowMoves(All, other);
        Assert.True(moves.ReadsAnew);
        Assert.Equal([One, Two, Three], moves.Givers);
        Assert.Equal([One, Two, Three], moves.Takers);
        foreach (var flow in Flows())
        {
            var (was, becomes) = (Owners(All, flow)[0], Owners(other, flow)[0]);
            if (was != becomes) Assert.Contains(becomes, moves.Of(was, flow).To);
            Assert.DoesNotContain(was, moves.Of(was, flow).To);
        }
    }

    [Fact]
    public void A_table_that_only_has_another_version_or_other_backups_moves_nothing()
    {
        Assert.True(new FlowMoves(All, All with { Slots = All.Slots.WithVersion(9) }).IsEmpty);
        Assert.True(new FlowMoves(new DistributionTable(FlowRules.Default, SlotTable.Empty(512)), All).IsEmpty);
    }

    [Fact]
    public void What_moves_is_told_with_numbers()
    {
        var two = Table(One, Two);
        Assert.Equal("256 slots move: 1_2 to 1_1 256", new FlowMoves(two, two with { Slots = SlotPlanner.Rebalance(two.Slots, two.Slots.Members.Where(m => m.Id == One)).Table }).Words);
    }

    private static MemberId[] Owners(DistributionTable table, Flow flow) =>
        [.. new[] { FlowSide.Outside, FlowSide.Inside }.Select(side => table.Slots.ActiveOf(table.Rules.SlotOf(flow, side, table.Slots.SlotCount))!.Id)];

    private static IEnumerable<Flow> Flows() =>
        Enumerable.Range(0, 500).Select(n => new Flow(new IPAddress([10, 1, (byte)(n / 250), (byte)(n % 250)]), IPAddress.Parse("10.2.0.9"), Flow.Tcp, (ushort)(2000 + n), 443));

    private static DistributionTable Table(params MemberId[] members) => new(FlowRules.Default, RendezvousTable.Build(512, members.Select(m => new SlotMember(m, 4)), version: 1));
}

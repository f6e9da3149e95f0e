using Maestro.Engine.Clustering.Distribution;
using Maestro.Engine.Model.Groups;

namespace Maestro.Engine.Tests.Clustering.Distribution;

public sealed class SlotTableTests
{
    [Theory]
    [InlineData(512, 5)]
    [InlineData(65536, 52)]
    [InlineData(1024, 300)]
    public void A_table_reads_back_as_it_was_written(int slots, int count)
    {
        var members = Enumerable.Range(1, count).Select(n => new SlotMember(new MemberId(1 + (n % 2), n), n % SlotMember.HighestWeight, Carries: n % 7 != 0)).ToList();
        var table = SlotPlanner.Rebalance(SlotTable.Empty(slots), members).Table.WithVersion(41);

        var text = SlotTableText.Write(table);

        Assert.Equal(table, SlotTableText.Read(text));
        Assert.Equal(text, SlotTableText.Write(SlotTableText.Read(text)));
        // Three columns, base64 of a byte (or two) a slot.
        Assert.InRange(text.Length, slots, (slots * 4 * (count > 254 ? 2 : 1)) + (count * 10) + 40);
    }

    [Fact]
    public void The_stored_form_is_this_one() =>
        Assert.Equal(
            "slots/1 1 1_1=2,1_2=1,2_1=1s AQIBAgECAQE= AgECAQIBAgI= AwMDAwMDAwM=",
            SlotTableText.Write(SlotPlanner.Rebalance(SlotTable.Empty(8), [new(new(1, 1), 2), new(new(1, 2), 1), new(new(2, 1), 1, Carries: false)]).Table));

    [Theory]
    [InlineData("")]
    [InlineData("slots/2 1 - AAA= AAA= AAA=")]
    [InlineData("slots/1 x 1_1=1 AQE= AAA= AAA=")]
    [InlineData("slots/1 1 1_1=1 AQI= AAA= AAA=")]
    [InlineData("slots/1 1 1_1=1 AQEB AAAA AAAA")]
    [InlineData("slots/1 1 1_1=1 AQE= AAAA AAA=")]
    [InlineData("slots/1 1 1_1=513 AQE= AAA= AAA=")]
    [InlineData("slots/1 1 1_2=1,1_1=1 AQE= AAA= AAA=")]
    [InlineData("slots/1 1 1_1=1 !!!! AAA= AAA=")]
    public void What_is_no_table_is_refused(string text) => Assert.Throws<FormatException>(() => SlotTableText.Read(text));

    [Fact]
    public void A_table_from_nothing_is_even_the_same_for_everybody_and_mostly_the_same_with_one_member_less()
    {
        var members = Enumerable.Range(1, 8).Select(n => new SlotMember(new MemberId(1, n), n <= 4 ? 100 : 200)).ToList();

        var table = RendezvousTable.Build(4096, members, version: 7);
        var other = RendezvousTable.Build(4096, Enumerable.Reverse(members), version: 7);
        var less = RendezvousTable.Build(4096, members.Skip(1), version: 7);

        Assert.Equal(table, other);
        Assert.Equal(7, table.Version);
        for (var i = 0; i < members.Count; i++) Assert.InRange(table.CountActive()[i], 4096 * members[i].Weight / 1200, (4096 * members[i].Weight / 1200) + 1);
        Assert.Same(table, SlotPlanner.Rebalance(table, members).Table);
        var moved = Enumerable.Range(0, 4096).Count(s => table.ActiveOf(s)!.Id != less.ActiveOf(s)!.Id);
        Assert.InRange(moved, 341, 341 * 4);
        Assert.Empty(RendezvousTable.Build(16, [], version: 1).Members);
    }

    [Fact]
    public void The_logarithm_of_the_scores_is_one()
    {
        foreach (var x in new[] { 1UL, 2UL, 3UL, 1000UL, 1UL << 63, ulong.MaxValue, 0x9e3779b97f4a7c15 })
        {
            Assert.InRange(RendezvousTable.NegativeLog(x) / 65536.0, 64 - Math.Log2(x) - 0.0001, 64 - Math.Log2(x) + 0.0001);
        }
    }
}

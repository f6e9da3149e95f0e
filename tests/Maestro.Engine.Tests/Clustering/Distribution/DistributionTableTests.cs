using Maestro.Engine.Clustering.Distribution;
using Maestro.Engine.Model.Distribution;
using Maestro.Engine.Model.Groups;

namespace Maestro.Engine.Tests.Clustering.Distribution;

public sealed class DistributionTableTests
{
    private static readonly DistributionTable Table = new(
        new FlowRules(DistributionMode.AutoTopology, Layer4: true, uint.MaxValue),
        SlotPlanner.Rebalance(SlotTable.Empty(8), [new(new(1, 1), 2), new(new(1, 2), 1), new(new(2, 1), 1, Carries: false)]).Table);

    [Fact]
    public void The_stored_form_is_this_one_and_reads_back()
    {
        Assert.Equal("distribution/1 AutoTopology ports 4294967295 slots/1 1 1_1=2,1_2=1,2_1=1s AQIBAgECAQE= AgECAQIBAgI= AwMDAwMDAwM=", Table.Write());
        Assert.Equal(Table, DistributionTable.Read(Table.Write()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("distribution/2 General ports 1 slots/1 1 - AAA= AAA= AAA=")]
    [InlineData("distribution/1 2 ports 1 slots/1 1 - AAA= AAA= AAA=")]
    [InlineData("distribution/1 General both 1 slots/1 1 - AAA= AAA= AAA=")]
    [InlineData("distribution/1 General ports -1 slots/1 1 - AAA= AAA= AAA=")]
    [InlineData("distribution/1 General ports 1")]
    public void What_is_no_table_is_refused(string text) => Assert.Throws<FormatException>(() => DistributionTable.Read(text));

    [Fact]
    public void Other_rules_keep_the_slots_and_another_number_of_slots_keeps_the_members()
    {
        var rules = Table.With(Table.Rules with { Layer4 = false }, 8);
        Assert.True(rules.Slots.IsSameAs(Table.Slots));
        Assert.Equal(2, rules.Version);

        var finer = Table.With(Table.Rules, 1024);
        Assert.Equal((2L, 1024), (finer.Version, finer.Slots.SlotCount));
        Assert.Equal(Table.Slots.Members, finer.Slots.Members);
        Assert.Equal([683, 341, 0], finer.Slots.CountActive().ToArray());

        Assert.Same(Table, Table.With(Table.Rules, 8));
        Assert.Equal(new MemberId(1, 1), Table.Slots.ActiveOf(0)!.Id);
    }
}

using Maestro.Engine.Clustering.Distribution;

namespace Maestro.Engine.Tests.Clustering.Distribution;

public sealed class TableRecoveryTests
{
    private static readonly SlotMember[] Members = [new(new(1, 1), 2), new(new(1, 2), 2)];

    [Fact]
    public void The_newest_that_an_orchestrator_has_counts_and_who_has_an_older_one_is_out_of_step()
    {
        var (table, outOfStep) = TableRecovery.Choose([Has("1_1", 6), Has("1_2", 7)], Table(5), Members);

        Assert.Equal(Table(7), table);
        Assert.Equal(["1_1 goes by version 6"], outOfStep);
    }

    [Fact]
    public void Where_all_lost_it_the_version_goes_on_from_the_newest_that_is_remembered()
    {
        var (table, outOfStep) = TableRecovery.Choose([Lost("1_1"), Lost("1_2")], Table(41), Members);

        Assert.Equal(Table(41), table);
        Assert.Equal(["1_1 has no table", "1_2 has no table"], outOfStep);
    }

    [Fact]
    public void A_host_that_missed_what_is_remembered_does_not_take_the_group_back()
    {
        var (table, outOfStep) = TableRecovery.Choose([Has("1_1", 5), Lost("1_2")], Table(7), Members);

        Assert.Equal(Table(7), table);
        Assert.Equal(["1_1 goes by version 5", "1_2 has no table"], outOfStep);
    }

    [Fact]
    public void Only_where_nobody_knows_any_one_is_made_from_nothing()
    {
        var (table, outOfStep) = TableRecovery.Choose([Lost("1_1")], null, Members);

        Assert.Equal(new DistributionTable(FlowRules.Default, RendezvousTable.Build(SlotTable.DefaultSlotCount, Members, version: 1)), table);
        Assert.Equal(["1_1 has no table"], outOfStep);
    }

    [Fact]
    public void A_group_of_nobody_that_never_had_one_lacks_none()
    {
        var (table, outOfStep) = TableRecovery.Choose([Lost("1_1")], null, []);

        Assert.Equal((0L, 0), (table.Version, table.Slots.Members.Count));
        Assert.Empty(outOfStep);
    }

    [Fact]
    public void Of_two_tables_of_one_version_the_first_hosts_counts_and_a_kernels_before_a_remembered_one()
    {
        var other = Table(7) with { Rules = FlowRules.Default with { Layer4 = false } };

        var (table, outOfStep) = TableRecovery.Choose([new("1_2", Table(7), ""), new("1_1", other, "")], Table(7), Members);

        Assert.Equal(other, table);
        Assert.Equal(["1_2 has another table of version 7"], outOfStep);
    }

    [Fact]
    public void What_is_wrong_with_a_host_is_told_whatever_its_table()
    {
        var (_, outOfStep) = TableRecovery.Choose([new("1_1", Table(7), "lacks the route to 10.0.0.1"), new("1_2", null, "does not answer: no")], Table(7), Members);

        Assert.Equal(["1_1 lacks the route to 10.0.0.1", "1_2 does not answer: no"], outOfStep);
    }

    private static OrchestratorSight Has(string id, long version) => new(id, Table(version), "");

    private static OrchestratorSight Lost(string id) => new(id, null, "");

    private static DistributionTable Table(long version) => new(FlowRules.Default, RendezvousTable.Build(8, Members, version));
}

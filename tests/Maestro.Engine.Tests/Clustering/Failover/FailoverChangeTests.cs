using Maestro.Engine.Clustering.Failover;
using Maestro.Engine.Fabrics;
using Maestro.Engine.Model.Groups;
using Maestro.Engine.Operations.Plans;
using Maestro.Engine.Tests.Worlds;

namespace Maestro.Engine.Tests.Clustering.Failover;

public sealed class FailoverChangeTests
{
    [Fact]
    public void It_needs_the_traffic_lease_alone_and_says_who_is_lost_and_why()
    {
        var plan = Change(lost: ["1_2"]).Plan(World(MemberState.Lost));

        Assert.Equal(["traffic:dmz"], plan.Resources);
        Assert.Empty(plan.Participants);
        Assert.Equal(("traffic.failover", "1_2"), plan.AllSteps.Select(s => (s.Kind, s.Arguments["lost"])).Single());
        Assert.Equal("member 1_2: is lost, its slots go to their backups: two say so", plan.Decisions.Single().ToString());
    }

    [Fact]
    public void Who_is_back_with_the_groups_policy_gets_its_share()
    {
        var plan = Change(returned: ["1_2"]).Plan(World(MemberState.Active));
        Assert.Equal("", plan.AllSteps.Single().Arguments["lost"]);
        Assert.Equal("member 1_2: is back and gets its share", plan.Decisions.Single().ToString());
    }

    [Theory]
    [InlineData(MemberState.Held, 2, "it is Held: because")]
    [InlineData(MemberState.Active, 1, "its policy is #1, the others have #2; Sync-Policy brings it along")]
    public void Who_is_back_and_not_fit_gets_nothing_yet(MemberState state, int policy, string why)
    {
        var plan = Change(returned: ["1_2"]).Plan(World(state, policy));
        Assert.True(plan.IsEmpty);
        Assert.Equal(["1_2"], FailoverChange.UnfitOf(plan));
        Assert.Equal("member 1_2: answers again, and gets nothing yet: " + why, plan.Decisions.Single(d => !d.Acts).ToString());
    }

    [Fact]
    public void While_others_are_lost_who_is_not_fit_stays_out_with_them()
    {
        var plan = Change(lost: ["1_3"], returned: ["1_2"]).Plan(World(MemberState.Held));
        Assert.Equal(("1_3", "1_2"), (plan.AllSteps.Single().Arguments["lost"], plan.AllSteps.Single().Arguments["notYet"]));
    }

    /// <summary>A member that was restarted by an operation, and has its share again, answers: another's loss takes nothing from it.</summary>
    [Fact]
    public void Nothing_is_taken_from_one_that_answers_again()
    {
        var plan = (Change(lost: ["1_2", "1_3"]) with { Heard = ["1_2"] }).Plan(World(MemberState.Active));
        Assert.Equal(("1_3", "1_2"), (plan.AllSteps.Single().Arguments["lost"], plan.AllSteps.Single().Arguments["notYet"]));
        Assert.Equal(["member 1_3"], plan.Decisions.Select(d => d.Subject));
    }

    /// <summary>Between the judgement and the plan its process may have stood still, while those who were silent came back.</summary>
    [Fact]
    public void Who_stood_still_since_it_judged_takes_nothing_and_gives_who_is_back_its_share()
    {
        var plan = (Change(lost: ["1_3"]) with { Stands = () => false }).Plan(World(MemberState.Active));
        Assert.True(plan.IsEmpty);
        Assert.Equal("distribution: who judged 1_3 to be lost stood still since: nothing is taken from anybody before they are judged anew", plan.Decisions.Single().ToString());

        plan = (Change(lost: ["1_3"], returned: ["1_2"]) with { Stands = () => false }).Plan(World(MemberState.Active));
        Assert.Equal("", plan.AllSteps.Single().Arguments["lost"]);
    }

    [Fact]
    public void An_orchestrator_that_is_out_of_step_is_given_the_table_and_nobodys_slots_move_for_it()
    {
        var plan = (Change() with { OutOfStep = ["mho2 goes by version 3"] }).Plan(World(MemberState.Active));
        Assert.Equal(["traffic:dmz"], plan.Resources);
        Assert.Equal(("", ""), (plan.AllSteps.Single().Arguments["lost"], plan.AllSteps.Single().Arguments["notYet"]));
        Assert.Equal("orchestrator: is brought in step: mho2 goes by version 3", plan.Decisions.Single().ToString());
        Assert.True(Change().Plan(World(MemberState.Active)).IsEmpty);
    }

    /// <summary>One that came back while nobody watched, and that nobody asked about.</summary>
    [Fact]
    public void Who_has_an_older_policy_comes_in_with_no_other_change_of_the_table_either()
    {
        var plan = (Change() with { OutOfStep = ["mho2 goes by version 3"] }).Plan(World(MemberState.Active, policy: 1));
        Assert.Equal("1_2", plan.AllSteps.Single().Arguments["notYet"]);
    }

    /// <summary>A table for nobody saves no packet, and who comes back would have lost its slots with the connections in them.</summary>
    [Theory]
    [InlineData(MemberState.Suspended, null, "")]
    [InlineData(MemberState.Active, 0, "")]
    [InlineData(MemberState.Active, null, "1_2,1_3")]
    [InlineData(MemberState.Lost, null, "1_2,1_3", true)]
    [InlineData(MemberState.Lost, null, "")]
    public void Where_nobody_is_left_who_takes_slots_they_stay(MemberState state, int? weight, string moved, bool carried = false)
    {
        var world = new WorldBuilder().Group("dmz").Member("dmz", "1_1", state, weight: weight).Member("dmz", "1_2", MemberState.Lost).Member("dmz", "1_3", MemberState.Lost).Build();

        var plan = (Change(lost: ["1_2", "1_3"]) with { Carrying = carried ? ["1_1", "1_2", "1_3"] : ["1_2", "1_3"] }).Plan(world with { Facets = [.. world.Facets, FabricFacet.Traffic] });

        Assert.Equal(moved, string.Join(",", plan.AllSteps.Select(s => s.Arguments["lost"])));
        if (moved.Length == 0) Assert.Equal("distribution: nobody of 'dmz' is left who takes slots: those of 1_2, 1_3 stay where they are", plan.Decisions.Single().ToString());
    }

    private static FailoverChange Change(string[]? lost = null, string[]? returned = null) => new() { Group = "dmz", Lost = lost ?? [], Returned = returned ?? [], Reason = "two say so" };

    private static ObservedWorld World(MemberState state, int policy = 2)
    {
        var world = new WorldBuilder().Group("dmz").Member("dmz", "1_1", policy: 2).Member("dmz", "1_2", state, policy: policy, reason: state == MemberState.Held ? "because" : "").Member("dmz", "1_3", policy: 2).Build();
        return world with { Facets = [.. world.Facets, FabricFacet.Traffic] };
    }
}

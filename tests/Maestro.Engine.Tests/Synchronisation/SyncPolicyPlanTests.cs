using Maestro.Engine.Fabrics;
using Maestro.Engine.Fabrics.Probes;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Groups;
using Maestro.Engine.Store;
using Maestro.Engine.Synchronisation;
using Maestro.Engine.Synchronisation.Policy;
using Maestro.Engine.Tests.Worlds;

namespace Maestro.Engine.Tests.Synchronisation;

public sealed class SyncPolicyPlanTests
{
    private static readonly PolicyDocument NewPolicy = new() { Fingerprint = "new0000000", Content = "table inet web { }", Source = "web.nft" };

    [Fact]
    public void A_new_policy_is_recorded_staged_committed_and_only_then_confirmed()
    {
        var plan = new SyncPolicyChange { Group = "dmz", Document = NewPolicy }.Plan(TwoMembers().Build());
        Assert.Equal(["record", "stage", "commit", "check", "extend", "confirm", "agree", "close"], plan.Stages.Select(s => s.Name));
        Assert.Equal([false, false, false, false, true, true, true, true], plan.Stages.Select(s => s.AfterDecision));
        Assert.All(plan.Stages.Where(s => !s.AfterDecision && s.Name != "check").SelectMany(s => s.Steps), s => Assert.NotNull(s.Inverse));
        Assert.Equal("5", plan.Attributes["generation"]);
    }

    [Fact]
    public void The_groups_health_is_looked_at_beside_the_checks_and_never_spared_by_a_mode()
    {
        var plan = new SyncPolicyChange { Group = "dmz", Document = NewPolicy, Mode = SyncMode.BestEffort, RevertAfter = TimeSpan.FromSeconds(8) }.Plan(TwoMembers().Build());
        var check = Assert.Single(plan.Stages, s => s.Name == "check");
        Assert.Equal(["health", "check/1_1", "check/1_2"], check.Steps.Select(s => s.Id));
        Assert.Equal((3, 1), (check.ParallelLimit, check.LeastDone));
        Assert.All(check.Steps, s => Assert.Equal(2, s.Arguments.GetInt32("settleTimeout")));
    }

    [Fact]
    public void The_same_policy_again_on_proven_members_is_an_empty_plan()
    {
        var same = NewPolicy with { Fingerprint = "old" };
        Assert.True(new SyncPolicyChange { Group = "dmz", Document = same }.Plan(TwoMembers().Build()).IsEmpty);
    }

    [Fact]
    public void Only_the_member_that_drifted_is_healed_under_the_same_number()
    {
        var world = new WorldBuilder().Group("dmz", policy: 4, fingerprint: "old")
            .Member("dmz", "1_1", policy: 4, fingerprint: "old").Member("dmz", "1_2", policy: 4, fingerprint: "").Build();
        var plan = new SyncPolicyChange { Group = "dmz" }.Plan(world);
        Assert.Equal(["1_2"], plan.AllSteps.Select(s => s.Member).Where(m => m.Length > 0).Distinct());
        Assert.Equal("4", plan.Attributes["generation"]);
        Assert.Equal(["stage", "commit", "check", "extend", "confirm", "agree"], plan.Stages.Select(s => s.Name));
    }

    [Fact]
    public void Who_holds_it_and_forwards_nothing_is_let_go()
    {
        var world = new WorldBuilder().Group("dmz", policy: 4, fingerprint: "old")
            .Member("dmz", "1_1", policy: 4, fingerprint: "old").Member("dmz", "1_2", MemberState.Held, policy: 4, fingerprint: "old").Build();
        var plan = new SyncPolicyChange { Group = "dmz" }.Plan(world);
        Assert.Equal(["1_2"], plan.AllSteps.Select(s => s.Member).Where(m => m.Length > 0).Distinct());
        Assert.Contains(plan.Decisions, d => d.Acts && d.Reason.EndsWith("forwards nothing: it is let go", StringComparison.Ordinal));
    }

    [Fact]
    public void A_number_that_was_reverted_or_that_a_member_knows_is_never_given_again()
    {
        var world = TwoMembers().Member("dmz", "1_3", policy: 9, fingerprint: "x").Generation("dmz", 7, "r", GenerationState.Reverted).Build();
        Assert.Equal("10", new SyncPolicyChange { Group = "dmz", Document = NewPolicy }.Plan(world).Attributes["generation"]);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(3601)]
    public void A_time_that_no_member_could_keep_is_refused(int seconds)
    {
        var refusal = Assert.Throws<MaestroException>(() =>
            new SyncPolicyChange { Group = "dmz", Document = NewPolicy, RevertAfter = TimeSpan.FromSeconds(seconds) }.Plan(TwoMembers().Build()));
        Assert.Equal(ErrorCatalogue.ParameterInvalid, refusal.Code);
    }

    [Fact]
    public void The_way_back_waits_as_long_as_a_member_may_take_to_go_back_by_itself()
    {
        var plan = new SyncPolicyChange { Group = "dmz", Document = NewPolicy, RevertAfter = TimeSpan.FromMinutes(20) }.Plan(TwoMembers().Build());
        var commits = plan.Stages.Single(s => s.Name == "commit").Steps;
        Assert.All(commits, s => Assert.Equal("1200", s.Arguments["revertAfter"]));
        Assert.All(commits, s => Assert.True(s.Inverse!.Arguments.GetInt32("settleTimeout") > 1200));
    }

    [Fact]
    public void One_silent_member_means_none()
    {
        var refusal = Assert.Throws<MaestroException>(() =>
            new SyncPolicyChange { Group = "dmz", Document = NewPolicy }.Plan(TwoMembers().Member("dmz", "1_3", MemberState.Lost, reason: "no answer").Build()));
        Assert.Equal(ErrorCatalogue.MemberUnreachable, refusal.Code);
        Assert.Equal("1_3", refusal.Target);
    }

    [Theory]
    [InlineData(SyncMode.RequireQuorum, 2)]
    [InlineData(SyncMode.BestEffort, 1)]
    public void A_mode_says_how_many_must_take_it_and_the_silent_are_tried_too(SyncMode mode, int least)
    {
        var world = TwoMembers().Member("dmz", "1_3", MemberState.Lost, reason: "no answer").Build();
        var plan = new SyncPolicyChange { Group = "dmz", Document = NewPolicy, Mode = mode }.Plan(world);
        var carrying = plan.Stages.Where(s => s.Steps.Any(step => step.Member.Length > 0)).ToList();
        Assert.Equal(["stage", "commit", "check", "extend", "confirm"], carrying.Select(s => s.Name));
        Assert.All(carrying, s => Assert.Equal(least, s.LeastDone));
        Assert.All(carrying, s => Assert.Equal(3, s.Steps.Count(step => step.Member.Length > 0)));
        Assert.Equal(0, Assert.Single(plan.Stages, s => s.Name == "agree").LeastDone);
    }

    [Fact]
    public void Fewer_answers_than_a_majority_needs_mean_none()
    {
        var world = new WorldBuilder().Group("dmz", policy: 4, fingerprint: "old").Member("dmz", "1_1", policy: 4, fingerprint: "old")
            .Member("dmz", "1_2", MemberState.Lost, reason: "no answer").Member("dmz", "1_3", MemberState.Lost, reason: "no answer").Build();
        var refusal = Assert.Throws<MaestroException>(() => new SyncPolicyChange { Group = "dmz", Document = NewPolicy, Mode = SyncMode.RequireQuorum }.Plan(world));
        Assert.Equal(ErrorCatalogue.MemberUnreachable, refusal.Code);
        Assert.Contains("2 of 3", refusal.Message);
    }

    [Fact]
    public void Probes_stand_between_commit_and_check_and_share_a_third_of_the_members_patience()
    {
        var plan = new SyncPolicyChange { Group = "dmz", Document = NewPolicy, RevertAfter = TimeSpan.FromMinutes(1), Probes = [Probe.Parse("tcp://shop.example:443"), Probe.Parse("exec:true")] }.Plan(TwoMembers().Build());
        Assert.Equal(["record", "stage", "commit", "probe/1", "probe/2", "check", "extend", "confirm", "agree", "close"], plan.Stages.Select(s => s.Name));
        Assert.Equal([""], plan.Stages[3].Steps.Select(s => s.Member));
        Assert.Equal(["1_1", "1_2"], plan.Stages[4].Steps.Select(s => s.Member));
        Assert.All(plan.Stages[3].Steps.Concat(plan.Stages[4].Steps), s => Assert.Equal(10, s.Arguments.GetInt32("settleTimeout")));
    }

    [Fact]
    public void A_group_without_a_policy_cannot_be_healed()
    {
        var refusal = Assert.Throws<MaestroException>(() => new SyncPolicyChange { Group = "dmz" }.Plan(new WorldBuilder().Group("dmz").Member("dmz", "1_1").Build()));
        Assert.Equal(ErrorCatalogue.PolicyNotFound, refusal.Code);
    }

    [Fact]
    public void A_group_without_members_keeps_the_version_for_those_that_join()
    {
        var plan = new SyncPolicyChange { Group = "dmz", Document = NewPolicy }.Plan(new WorldBuilder().Group("dmz").Build());
        Assert.Equal(["version.record", "policy.agree", "version.confirm"], plan.AllSteps.Select(s => s.Kind));
    }

    private static WorldBuilder TwoMembers() => new WorldBuilder().Group("dmz", policy: 4, fingerprint: "old")
        .Member("dmz", "1_1", policy: 4, fingerprint: "old").Member("dmz", "1_2", policy: 4, fingerprint: "old");
}

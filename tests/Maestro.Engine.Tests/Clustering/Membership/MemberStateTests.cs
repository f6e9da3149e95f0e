using Maestro.Engine.Clustering.Membership;
using Maestro.Engine.Model.Groups;
using Maestro.Engine.Operations.Plans;
using Maestro.Engine.Tests.Worlds;

namespace Maestro.Engine.Tests.Clustering.Membership;

public sealed class MemberStateTests
{
    [Fact]
    public void Who_comes_back_gets_the_policy_that_it_missed_before_it_carries_where_it_does_not_fetch_it()
    {
        var world = new WorldBuilder().Group("dmz", policy: 4, fingerprint: "f4").Member("dmz", "1_1", fingerprint: "f4", policy: 4)
            .Member("dmz", "1_2", MemberState.Suspended, policy: 3, fingerprint: "f3").CarriesPolicyToJoiners().Build();
        var plan = new ResumeMembersChange { Group = "dmz", Members = ["1_2"] }.Plan(world);
        Assert.Equal(["policy.stage", "policy.commit", "policy.confirm", "member.resume"], plan.AllSteps.Select(s => s.Kind));
        // What was committed cannot be taken back by the stage after it.
        Assert.All(plan.Stages, s => Assert.True(s.AfterDecision));
    }

    [Fact]
    public void Who_comes_back_with_the_groups_policy_or_fetches_it_only_carries()
    {
        Assert.Equal(["member.resume"], Plan(new WorldBuilder().Member("dmz", "1_2", MemberState.Suspended, policy: 4, fingerprint: "f4").CarriesPolicyToJoiners()).AllSteps.Select(s => s.Kind));
        Assert.Equal(["member.resume"], Plan(new WorldBuilder().Member("dmz", "1_2", MemberState.Suspended, policy: 3, fingerprint: "f3")).AllSteps.Select(s => s.Kind));

        static Plan Plan(WorldBuilder world) => new ResumeMembersChange { Group = "dmz", Members = ["1_2"] }.Plan(world.Group("dmz", policy: 4, fingerprint: "f4").Member("dmz", "1_1", policy: 4, fingerprint: "f4").Build());
    }
}

using Maestro.Engine.Clustering.Membership;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Operations.Plans;
using Maestro.Engine.Operations.Steps;
using Maestro.Engine.Tests.Worlds;

namespace Maestro.Engine.Tests.Operations;

public sealed class PlanSerializerTests
{
    [Fact]
    public void A_plan_reads_back_as_it_was_written()
    {
        var plan = new AddMembersChange { Group = "dmz", Gateways = ["b"], Weight = 8 }.Plan(new WorldBuilder().Group("dmz").Member("dmz", "1_1").Free("b").Build());
        var text = PlanSerializer.ToJson(plan);
        Assert.Equal(text, PlanSerializer.ToJson(PlanSerializer.FromJson(text)));
        Assert.Contains("\"SchemaVersion\":1", text);
    }

    [Fact]
    public void The_stored_plan_of_version_0_1_is_still_read_and_every_kind_in_it_is_known()
    {
        var plan = PlanSerializer.FromJson(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Operations", "Golden", "plan-0.1.json")));
        AllSteps.Handlers().Require(plan);
        Assert.Equal(["topology.stage", "topology.apply", "member.await"], plan.AllSteps.Select(s => s.Kind));
    }

    [Theory]
    [InlineData("{\"SchemaVersion\":2,\"Kind\":\"x\"}")]
    [InlineData("{\"Kind\":\"x\"}")]
    [InlineData("no plan")]
    public void A_newer_or_unreadable_plan_is_refused(string text) =>
        Assert.Equal(ErrorCatalogue.PlanUnknown, Assert.Throws<MaestroException>(() => PlanSerializer.FromJson(text)).Code);

    [Theory]
    [InlineData("topology.teleport", 1)]
    [InlineData("topology.apply", 99)]
    public void A_step_of_an_unknown_or_newer_kind_is_refused(string kind, int version)
    {
        var plan = new Plan { Kind = "x", Stages = [new PlanStage { Name = "s", Steps = [new PlanStep { Id = "1", Kind = kind, KindVersion = version, Subject = "s" }] }] };
        Assert.Equal(ErrorCatalogue.PlanUnknown, Assert.Throws<MaestroException>(() => AllSteps.Handlers().Require(plan)).Code);
    }
}

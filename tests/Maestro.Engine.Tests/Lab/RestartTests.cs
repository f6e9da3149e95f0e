using Maestro.Engine.Clustering.Membership;
using Maestro.Engine.Fabrics.Simulation.World;
using Maestro.Engine.Model.Groups;
using Maestro.Engine.Model.Operations;

namespace Maestro.Engine.Tests.Lab;

public sealed class RestartTests
{
    [Fact]
    public async Task A_member_that_is_about_to_carry_is_taken_out_first_and_is_active_in_the_end()
    {
        await using var lab = LabSession.Open();
        var gateways = await lab.MakeGroupAsync("dmz", 4);
        var hand = new LabOperator(lab.World, "admin");
        hand.Suspend(gateways[1], "repairs");
        await lab.PassAsync(TimeSpan.FromMinutes(1));
        hand.Resume(gateways[1]);
        Assert.Equal(MemberState.Ready, (await lab.MembersAsync("dmz")).Single(m => m.Gateway == gateways[1]).State);

        var restart = await lab.RunAsync(new RestartMembersChange { Group = "dmz", Members = ["1_2"] });

        Assert.Equal(OperationState.Succeeded, restart.Operation!.State);
        Assert.Equal(["suspend/dmz/1_2", "restart/dmz/1_2", "resume/dmz/1_2"], restart.Operation.Step.Select(s => s.Id));
        Assert.Equal(MemberState.Active, (await lab.MembersAsync("dmz")).Single(m => m.Gateway == gateways[1]).State);
    }
}

using Maestro.Engine.Clustering.Membership;
using Maestro.Engine.Fabrics.Simulation.World;
using Maestro.Engine.Model.Operations;

namespace Maestro.Engine.Tests.Lab;

/// <summary>A removal that was staged first hands over its traffic like any other, whichever apply takes it out.</summary>
public sealed class StagedRemovalTests
{
    [Fact]
    public async Task Publishing_a_staged_removal_drains_the_member_first()
    {
        await using var lab = await StartAsync();
        Assert.Null((await lab.RunAsync(new PublishPendingChange())).Failure);
        Assert.Equal(["suspend", "topology.apply"], Names(lab));
        Assert.Equal(5, (await lab.MembersAsync("dmz")).Count);
    }

    [Fact]
    public async Task A_removal_that_goes_along_with_another_change_is_drained_first_too()
    {
        await using var lab = await StartAsync();
        Assert.Null((await lab.RunAsync(new SetGroupChange { Group = "dmz", Description = "new" })).Failure);
        Assert.Equal(["suspend", "topology.stage", "topology.apply"], Names(lab));
        Assert.Equal(5, (await lab.MembersAsync("dmz")).Count);
    }

    [Fact]
    public async Task A_member_that_was_drained_to_go_along_and_stays_after_all_carries_again()
    {
        await using var lab = await StartAsync();
        var done = false;
        var handle = await lab.Host.StartAsync(new SetGroupChange { Group = "dmz", Description = "new" }, new()
        {
            Events = e =>
            {
                if (done || e.Kind != Engine.Operations.Running.OperationEventKind.StepEnded || !e.StepId.StartsWith("suspend/", StringComparison.Ordinal)) return;
                done = true;
                lab.World.State.Pending.Clear();
            },
        });

        var result = await handle.Completion;

        Assert.NotNull(result.Failure);
        Assert.Equal(OperationState.RolledBack, result.Operation!.State);
        Assert.All(await lab.MembersAsync("dmz"), m => Assert.Equal(Model.Groups.MemberState.Active, m.State));
    }

    /// <summary>What the newest operation changed, in order.</summary>
    private static IEnumerable<string> Names(LabSession lab) => lab.World.Log.Calls.Where(c => c.Changed && c.OperationId == lab.Events[^1].OperationId).Select(c => c.Name).Where(n => n is "suspend" || n.StartsWith("topology.", StringComparison.Ordinal)).Distinct();

    private static async Task<LabSession> StartAsync()
    {
        var lab = LabSession.Open();
        await lab.MakeGroupAsync("dmz", 6);
        Assert.Null((await lab.RunAsync(new RemoveMembersChange { Group = "dmz", Members = ["1_6"], StageOnly = true })).Failure);
        return lab;
    }
}

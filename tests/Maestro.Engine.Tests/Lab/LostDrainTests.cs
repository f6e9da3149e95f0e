using Maestro.Engine.Clustering.Membership;
using Maestro.Engine.Fabrics.Simulation.World;
using Maestro.Engine.Model.Groups;
using Maestro.Engine.Model.Operations;
using Maestro.Engine.Operations.Running;

namespace Maestro.Engine.Tests.Lab;

public sealed class LostDrainTests
{
    /// <summary>It was drained, the answer was lost, and before anybody could look it went down: it comes back drained.</summary>
    [Fact]
    public async Task Who_went_down_before_his_drain_was_seen_is_not_forgotten()
    {
        await using var lab = LabSession.Open();
        var gateways = await lab.MakeGroupAsync("dmz", 4);
        lab.World.Faults.Add("suspend", gateways[3], LabFaultKind.LoseAnswer);
        var crashed = false;
        var handle = await lab.Host.StartAsync(new SuspendMembersChange { Group = "dmz", Members = ["1_4"] }, new RunOptions
        {
            Events = e =>
            {
                if (e.Kind != OperationEventKind.StepStarted || crashed) return;
                crashed = true;
                // As its time-out comes.
                lab.Lab.Scheduler.Clock.CreateTimer(_ => lab.World.Incidents.Crash(gateways[3]), null, TimeSpan.FromSeconds(10), Timeout.InfiniteTimeSpan);
            },
        });

        var suspend = await handle.Completion;

        Assert.True(crashed);
        var after = (await lab.MembersAsync("dmz")).Single(m => m.Member == "1_4");
        Assert.True(suspend.Operation!.State == OperationState.Succeeded ? after.State == MemberState.Suspended : after.SuspendedBy.Length == 0 || suspend.Operation.State == OperationState.Unsettled, $"{suspend.Operation.State}, and it is {after.State} by '{after.SuspendedBy}'");
    }
}

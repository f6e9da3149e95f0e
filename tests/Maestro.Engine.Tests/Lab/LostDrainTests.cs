using Maestro.Engine.Clustering.Membership;
using Maestro.Engine.Fabrics;
using Maestro.Engine.Fabrics.Simulation.World;
using Maestro.Engine.Model.Groups;
using Maestro.Engine.Model.Operations;
using Maestro.Engine.Operations.Running;

namespace Maestro.Engine.Tests.Lab;

public sealed class LostDrainTests
{
    /// <summary>He was drained, the answer was lost, and before anybody could look he went down: he comes back drained.</summary>
    [Fact]
    public async Task Who_went_down_before_his_drain_was_seen_is_not_forgotten()
    {
        await using var lab = LabSession.Open();
        var gateways = await lab.MakeGroupAsync("dmz", 4);
        lab.World.Faults.Add("suspend", gateways[3], LabFaultKind.LoseRequest);
        var crashed = false;
        var handle = await lab.Host.StartAsync(new SuspendMembersChange { Group = "dmz", Members = ["1_4"], DrainTimeout = TimeSpan.FromSeconds(15) }, new RunOptions
        {
            Events = e =>
            {
                if (e.Kind != OperationEventKind.StepStarted || crashed) return;
                crashed = true;
                // The lab does late what loses its answer: so the drain is made here, while the run waits.
                lab.Lab.Scheduler.Clock.CreateTimer(
                    _ =>
                    {
                        lab.World.Life.Suspend(lab.World.State.FindGateway(gateways[3])!, DrainMode.Move, "anna", "anna: by hand of the run");
                        lab.World.Incidents.Crash(gateways[3]);
                    },
                    null,
                    TimeSpan.FromSeconds(10),
                    Timeout.InfiniteTimeSpan);
            },
        });

        var suspend = await handle.Completion;

        Assert.True(crashed);
        var after = (await lab.MembersAsync("dmz")).Single(m => m.Member == "1_4");
        Assert.Equal((OperationState.RolledBack, MemberState.Active, ""), (suspend.Operation!.State, after.State, after.SuspendedBy));
    }
}

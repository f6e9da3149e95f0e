using Maestro.Engine.Clustering.Membership;
using Maestro.Engine.Model.Groups;
using Maestro.Engine.Model.Operations;
using Maestro.Engine.Operations.Running;

namespace Maestro.Engine.Tests.Lab;

/// <summary>Runs that come to rest at an awkward moment.</summary>
public sealed class RestTests
{
    [Fact]
    public async Task A_member_that_boots_when_the_run_comes_to_rest_is_waited_for_and_carries_again()
    {
        await using var lab = LabSession.Open();
        await lab.MakeGroupAsync("dmz", 5);
        using var rest = new CancellationTokenSource();
        var handle = await lab.Host.StartAsync(
            new RestartMembersChange { Group = "dmz", Members = ["1_2"] },
            new RunOptions
            {
                Rest = rest.Token,
                Events = e =>
                {
                    if (e.Kind == OperationEventKind.StepWaiting && e.StepId.StartsWith("restart/", StringComparison.Ordinal)) rest.Cancel();
                },
            });

        var result = await handle.Completion;

        Assert.Equal(OperationState.Paused, result.Operation!.State);
        Assert.All(await lab.MembersAsync("dmz"), m => Assert.Equal(MemberState.Active, m.State));
    }
}

using Maestro.Engine.Fabrics.Simulation.World;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Operations;
using Maestro.Engine.Operations.Running;
using Maestro.Engine.Synchronisation;
using Maestro.Engine.Synchronisation.Policy;

namespace Maestro.Engine.Tests.Lab;

/// <summary>Between commit and decision a sync asks whether who carried the group's traffic carries it still.</summary>
public sealed class GroupHealthTests
{
    [Fact]
    public async Task A_member_that_goes_down_after_the_commit_takes_all_back()
    {
        await using var lab = LabSession.Open();
        var gateways = await StartAsync(lab, 3);

        var sync = await RunAsync(lab, Sync(), () => lab.World.Incidents.Break(gateways[1], "Interface Active Check"));

        var failure = Assert.IsType<MaestroException>(sync.Failure);
        Assert.Equal(ErrorCatalogue.GroupUnhealthy, failure.Code);
        Assert.Contains("1_2 carried traffic before and is Down (Interface Active Check)", failure.Message, StringComparison.Ordinal);
        Assert.Equal(OperationState.RolledBack, sync.Operation!.State);
        Assert.All(await lab.MembersAsync("dmz"), m => Assert.Equal(1, m.PolicyVersion));
    }

    [Fact]
    public async Task Who_comes_back_by_itself_in_time_is_waited_for()
    {
        await using var lab = LabSession.Open();
        var gateways = await StartAsync(lab, 3);

        var sync = await RunAsync(lab, Sync(), async () =>
        {
            lab.World.Incidents.Lose(gateways[1]);
            await lab.World.DelayAsync(TimeSpan.FromSeconds(12), CancellationToken.None);
            lab.World.Incidents.Return(gateways[1]);
        });

        Assert.Equal(OperationState.Succeeded, sync.Operation!.State);
        Assert.True(sync.Operation.Step.Single(s => s.Id == "health").Attempt > 1);
    }

    [Fact]
    public async Task Who_was_down_before_or_is_taken_out_by_a_hand_is_no_harm_of_the_sync()
    {
        await using var lab = LabSession.Open();
        var gateways = await StartAsync(lab, 4);
        lab.World.Incidents.Break(gateways[3], "Interface Active Check");

        var sync = await RunAsync(lab, Sync(), () => new LabOperator(lab.World, "admin").Suspend(gateways[1], "repairs"));

        Assert.Null(sync.Failure);
        Assert.All(await lab.MembersAsync("dmz"), m => Assert.Equal(2, m.PolicyVersion));
    }

    [Theory]
    [InlineData(SyncMode.RequireQuorum, 1, OperationState.Succeeded)]
    [InlineData(SyncMode.RequireQuorum, 2, OperationState.RolledBack)]
    [InlineData(SyncMode.BestEffort, 2, OperationState.Succeeded)]
    [InlineData(SyncMode.BestEffort, 3, OperationState.RolledBack)]
    public async Task A_mode_allows_as_many_as_it_allows_to_be_left_behind(SyncMode mode, int broken, OperationState end)
    {
        await using var lab = LabSession.Open();
        var gateways = await StartAsync(lab, 3);

        var sync = await RunAsync(lab, Sync() with { Mode = mode }, () =>
        {
            foreach (var gateway in gateways.Take(broken)) lab.World.Incidents.Break(gateway, "Interface Active Check");
        });

        Assert.Equal(end, sync.Operation!.State);
    }

    [Fact]
    public async Task It_is_asked_after_a_hold_too_and_waived_by_name()
    {
        await using var lab = LabSession.Open();
        var gateways = await StartAsync(lab, 3);
        var held = await lab.RunAsync(Sync() with { HoldForConfirmation = true });
        Assert.Equal(OperationState.Held, held.Operation!.State);
        lab.World.Incidents.Break(gateways[2], "Interface Active Check");

        var resumed = await (await lab.Host.ResumeAsync(held.Operation.Id, new RunOptions())).Completion;
        Assert.Equal(ErrorCatalogue.GroupUnhealthy, ((MaestroException)resumed.Failure!).Code);
        Assert.All(await lab.MembersAsync("dmz"), m => Assert.Equal(1, m.PolicyVersion));

        lab.World.Incidents.Mend(gateways[2]);
        await lab.PassAsync(TimeSpan.FromMinutes(2));
        var waived = await RunAsync(lab, Sync(), () => lab.World.Incidents.Break(gateways[2], "Interface Active Check"), new RunOptions { SkipChecks = ["health"] });
        Assert.Null(waived.Failure);
        Assert.DoesNotContain(waived.Operation!.Step, s => s.Id == "health");
    }

    [Fact]
    public async Task A_look_that_grew_old_while_another_member_was_asked_is_taken_again()
    {
        await using var lab = LabSession.Open();
        var gateways = await StartAsync(lab, 3);
        // A quarter of a minute without an answer, and the group was well as it began.
        lab.World.Faults.Add("check", gateways[0], LabFaultKind.LoseRequest);

        var sync = await RunAsync(lab, Sync(), async () =>
        {
            await lab.World.DelayAsync(TimeSpan.FromSeconds(6), CancellationToken.None);
            lab.World.Incidents.Break(gateways[2], "Interface Active Check");
        });

        Assert.Equal(ErrorCatalogue.GroupUnhealthy, ((MaestroException)sync.Failure!).Code);
        Assert.Contains("1_3 carried traffic before", sync.Failure.Message, StringComparison.Ordinal);
        Assert.All(await lab.MembersAsync("dmz"), m => Assert.Equal(1, m.PolicyVersion));
    }

    private static SyncPolicyChange Sync() => new() { Group = "dmz", Document = LabSession.Policy("table inet web { chain forward { } }") };

    private static async Task<IReadOnlyList<string>> StartAsync(LabSession lab, int members)
    {
        var gateways = await lab.MakeGroupAsync("dmz", members);
        Assert.Null((await lab.SyncAsync("dmz", "table inet web { }")).Failure);
        return gateways;
    }

    private static Task<OperationResult> RunAsync(LabSession lab, SyncPolicyChange sync, Action afterCommit, RunOptions? options = null) =>
        RunAsync(lab, sync, () => { afterCommit(); return Task.CompletedTask; }, options);

    /// <summary>Runs it, and lets something happen when the last member has committed.</summary>
    private static async Task<OperationResult> RunAsync(LabSession lab, SyncPolicyChange sync, Func<Task> afterCommit, RunOptions? options = null)
    {
        var committed = 0;
        Task? happening = null;
        void OnEvent(OperationEvent seen)
        {
            if (seen.StepId.StartsWith("commit/", StringComparison.Ordinal) && seen.Kind == OperationEventKind.StepEnded && ++committed == lab.World.State.MembersOf("dmz").Count()) happening = afterCommit();
        }

        var result = await (await lab.Host.StartAsync(sync, (options ?? new RunOptions()) with { Events = OnEvent })).Completion;
        Assert.NotNull(happening);
        await happening;
        return result;
    }
}

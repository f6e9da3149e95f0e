using Maestro.Engine.Fabrics.Simulation.World;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Operations;
using Maestro.Engine.Model.Policy;
using Maestro.Engine.Operations.Running;
using Maestro.Engine.Synchronisation;
using Maestro.Engine.Synchronisation.Policy;

namespace Maestro.Engine.Tests.Lab;

/// <summary>Members that nobody reaches while a sync is taken back: they go back by themselves, and who is answered by others does not wait for it.</summary>
public sealed class LeftToItselfTests
{
    [Fact]
    public async Task Who_does_not_answer_while_others_do_is_named_with_the_reason_and_not_waited_for()
    {
        await using var lab = LabSession.Open();
        var gateways = await StartAsync(lab);

        var sync = await RunAsync(lab, () => lab.World.Incidents.Lose(gateways[1]));

        var failure = Assert.IsType<MaestroException>(sync.Failure);
        Assert.Equal((ErrorCatalogue.GroupUnhealthy, OperationState.Unsettled), (failure.Code, sync.Operation!.State));
        Assert.Contains("Not reached: 1_2 (it goes back by itself, 120 s after its commit at the latest", failure.Message, StringComparison.Ordinal);
        Assert.Equal(failure.Message, sync.Operation.Reason);
        Assert.Equal("1_2", Assert.Single(sync.Operation.UnsettledMember));
        Assert.InRange(sync.Operation.Duration, TimeSpan.Zero, TimeSpan.FromSeconds(75));
        var report = lab.Host.ReportSync(sync, []);
        Assert.Equal(SyncOutcome.Unsettled, report.Outcome);
        Assert.Equal([MemberSyncOutcome.Reverted, MemberSyncOutcome.Unsettled, MemberSyncOutcome.Reverted], report.Member.Select(m => m.Outcome));
        Assert.Equal("", report.Member[1].After);
        Assert.Contains(lab.Events, e => e.Kind == OperationEventKind.Warning && e.Text.StartsWith("Not reached: 1_2", StringComparison.Ordinal));

        lab.World.Incidents.Return(gateways[1]);
        var next = await lab.RunAsync(Sync());
        Assert.Null(next.Failure);
        Assert.Contains("RolledBack", Assert.Single(next.Settled), StringComparison.Ordinal);
        Assert.All(await lab.MembersAsync("dmz"), m => Assert.Equal(3, m.PolicyVersion));
    }

    [Fact]
    public async Task Who_cannot_hold_it_any_longer_keeps_nobody_from_the_group()
    {
        await using var lab = LabSession.Open();
        var gateways = await StartAsync(lab);
        var sync = await RunAsync(lab, () => lab.World.Incidents.Lose(gateways[1]));
        Assert.Equal(OperationState.Unsettled, sync.Operation!.State);

        var settled = await (await lab.Host.SettleAsync("dmz", new RunOptions())).Completion;

        Assert.Contains("RolledBack", Assert.Single(settled.Settled), StringComparison.Ordinal);
        var left = await lab.Host.GetOperationAsync(sync.Operation.Id);
        Assert.Contains("Not reached: 1_2", left.Reason, StringComparison.Ordinal);
        Assert.Equal(MemberSyncOutcome.Unreachable, lab.Host.ReportSync(sync with { Operation = left }, []).Member[1].Outcome);
    }

    // As its next step says. Forward it would bring, by a plan that is old, what another store may have replaced since.
    [Fact]
    public async Task To_resume_what_could_not_be_taken_back_takes_it_back()
    {
        await using var lab = LabSession.Open();
        var gateways = await StartAsync(lab);
        var sync = await RunAsync(lab, () => lab.World.Incidents.Lose(gateways[1]));
        Assert.Equal("undo what was begun", sync.Operation!.NextStep);

        lab.World.Incidents.Return(gateways[1]);
        var resumed = await (await lab.Host.ResumeAsync(sync.Operation.Id, new RunOptions())).Completion;

        Assert.Equal(OperationState.RolledBack, resumed.Operation!.State);
        Assert.All(await lab.MembersAsync("dmz"), m => Assert.Equal(1, m.PolicyVersion));
    }

    [Fact]
    public async Task Who_is_not_reached_when_its_timer_has_run_out_is_back_by_itself()
    {
        await using var lab = LabSession.Open();
        var gateways = await StartAsync(lab);

        var sync = await RunAsync(lab, () => lab.World.Incidents.Lose(gateways[1]), TimeSpan.FromSeconds(8));

        Assert.Equal(OperationState.RolledBack, sync.Operation!.State);
        Assert.Contains("Not reached: 1_2", sync.Failure!.Message, StringComparison.Ordinal);
        Assert.Equal(SyncOutcome.Reverted, lab.Host.ReportSync(sync, []).Outcome);
    }

    [Fact]
    public async Task While_nobody_answers_all_are_waited_for_until_they_are_seen_to_be_back()
    {
        await using var lab = LabSession.Open();
        var gateways = await StartAsync(lab);

        var sync = await RunAsync(lab, async () =>
        {
            foreach (var gateway in gateways) lab.World.Incidents.Lose(gateway);
            await lab.World.DelayAsync(TimeSpan.FromSeconds(150), CancellationToken.None);
            foreach (var gateway in gateways) lab.World.Incidents.Return(gateway);
        });

        Assert.Equal(OperationState.RolledBack, sync.Operation!.State);
        Assert.DoesNotContain("Not reached", sync.Operation.Reason, StringComparison.Ordinal);
        Assert.Equal([MemberSyncOutcome.Reverted, MemberSyncOutcome.Reverted, MemberSyncOutcome.Reverted], lab.Host.ReportSync(sync, []).Member.Select(m => m.Outcome));
        Assert.All(await lab.MembersAsync("dmz"), m => Assert.Equal(1, m.PolicyVersion));
    }

    [Fact]
    public async Task When_nobody_is_ever_seen_back_all_are_named_as_unsettled()
    {
        await using var lab = LabSession.Open();
        var gateways = await StartAsync(lab);

        var sync = await RunAsync(lab, () =>
        {
            foreach (var gateway in gateways) lab.World.Incidents.Lose(gateway);
        });

        Assert.Equal(ErrorCatalogue.GroupUnsettled, ((MaestroException)sync.Failure!).Code);
        Assert.Equal(["1_1", "1_2", "1_3"], sync.Operation!.UnsettledMember);
        Assert.InRange(sync.Operation.Duration, TimeSpan.Zero, TimeSpan.FromMinutes(5));
    }

    [Fact]
    public async Task Who_answers_that_it_cannot_go_back_is_unsettled_as_ever()
    {
        await using var lab = LabSession.Open();
        var gateways = await StartAsync(lab);
        lab.World.Faults.Add("revert", gateways[2], LabFaultKind.Refuse);

        var sync = await RunAsync(lab, () => lab.World.Incidents.Lose(gateways[1]));

        Assert.Equal((OperationState.Unsettled, ErrorCatalogue.GroupUnsettled), (sync.Operation!.State, ((MaestroException)sync.Failure!).Code));
        Assert.Equal(["1_2", "1_3"], sync.Operation.UnsettledMember);
        Assert.Contains("Not reached: 1_2", sync.Operation.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_is_lost_while_it_is_prepared_runs_nothing_of_it_and_is_not_waited_for()
    {
        await using var lab = LabSession.Open();
        var gateways = await StartAsync(lab);
        lab.World.Faults.Add("stage", gateways[1], LabFaultKind.LoseAnswer);

        var handle = await lab.Host.StartAsync(Sync(), new RunOptions
        {
            Events = e =>
            {
                if (e is { Kind: OperationEventKind.StepStarted, StepId: "stage/1_2" }) lab.World.Incidents.Lose(gateways[1]);
            },
        });
        var sync = await handle.Completion;

        Assert.Equal(OperationState.RolledBack, sync.Operation!.State);
        Assert.All(await lab.MembersAsync("dmz"), m => Assert.Equal(1, m.PolicyVersion));
    }

    [Fact]
    public async Task Who_is_cut_off_right_after_the_decision_and_goes_back_alone_is_brought_forward_when_it_answers_again()
    {
        await using var lab = LabSession.Open();
        var gateways = await StartAsync(lab);
        Task? away = null;

        var handle = await lab.Host.StartAsync(Sync() with { RevertAfter = TimeSpan.FromSeconds(20) }, new RunOptions
        {
            Events = e =>
            {
                if (e.Kind == OperationEventKind.Decided) away = AwayAsync();
            },
        });
        var sync = await handle.Completion;

        Assert.NotNull(away);
        Assert.Equal(OperationState.Succeeded, sync.Operation!.State);
        Assert.Contains(lab.World.Log.Calls, c => c.Name == "commit" && c.Subject == gateways[1] && c.StepId == "extend/1_2/commit");
        Assert.All(await lab.MembersAsync("dmz"), m => Assert.Equal(2, m.PolicyVersion));

        async Task AwayAsync()
        {
            lab.World.Incidents.Lose(gateways[1]);
            await lab.World.DelayAsync(TimeSpan.FromSeconds(60), CancellationToken.None);
            lab.World.Incidents.Return(gateways[1]);
        }
    }

    [Fact]
    public async Task Who_is_lost_while_a_sync_is_held_is_named_as_soon_when_it_is_gone_on_with()
    {
        await using var lab = LabSession.Open();
        var gateways = await StartAsync(lab);
        var held = await lab.RunAsync(Sync() with { HoldForConfirmation = true });
        Assert.Equal(OperationState.Held, held.Operation!.State);
        lab.World.Incidents.Lose(gateways[1]);
        var began = lab.World.Now;

        var resumed = await (await lab.Host.ResumeAsync(held.Operation.Id, new RunOptions())).Completion;

        Assert.Equal((ErrorCatalogue.GroupUnhealthy, "1_2"), (((MaestroException)resumed.Failure!).Code, Assert.Single(resumed.Operation!.UnsettledMember)));
        Assert.InRange(lab.World.Now - began, TimeSpan.Zero, TimeSpan.FromSeconds(75));
    }

    private static SyncPolicyChange Sync() => new() { Group = "dmz", Document = LabSession.Policy("table inet web { chain forward { } }") };

    private static async Task<IReadOnlyList<string>> StartAsync(LabSession lab)
    {
        var gateways = await lab.MakeGroupAsync("dmz", 3);
        Assert.Null((await lab.SyncAsync("dmz", "table inet web { }")).Failure);
        return gateways;
    }

    private static Task<OperationResult> RunAsync(LabSession lab, Action afterCommit, TimeSpan? revertAfter = null) => RunAsync(lab, () => { afterCommit(); return Task.CompletedTask; }, revertAfter);

    /// <summary>Runs it, and lets something happen when the last member has committed.</summary>
    private static async Task<OperationResult> RunAsync(LabSession lab, Func<Task> afterCommit, TimeSpan? revertAfter = null)
    {
        var committed = 0;
        Task? happening = null;
        var handle = await lab.Host.StartAsync(Sync() with { RevertAfter = revertAfter ?? SyncChange.DefaultRevertAfter }, new RunOptions
        {
            Events = e =>
            {
                lab.Events.Add(e);
                if (e.Kind == OperationEventKind.StepEnded && e.StepId.StartsWith("commit/", StringComparison.Ordinal) && ++committed == 3) happening = afterCommit();
            },
        });
        var result = await handle.Completion;
        Assert.NotNull(happening);
        await happening;
        return result;
    }
}

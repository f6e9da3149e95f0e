using Maestro.Engine.Model.Operations;
using Maestro.Engine.Model.Policy;
using Maestro.Engine.Operations.Running;
using Maestro.Engine.Synchronisation.Policy;

namespace Maestro.Engine.Tests.Lab;

/// <summary>Syncs that stop before their decision: held for a human's last word, or prepared only.</summary>
public sealed class HeldSyncTests
{
    private const string Old = "table inet web { }";
    private const string New = "table inet web { chain forward { } }";

    [Fact]
    public async Task A_held_sync_runs_on_every_member_and_is_confirmed_by_resume()
    {
        await using var lab = await StartAsync();
        var held = await lab.RunAsync(Sync(hold: true));

        Assert.Null(held.Failure);
        Assert.Equal(OperationState.Held, held.Operation!.State);
        Assert.Equal(SyncOutcome.Held, lab.Host.ReportSync(held, []).Outcome);
        Assert.All(await lab.MembersAsync("dmz"), m => Assert.Equal(2, m.PolicyVersion));
        Assert.Equal(1, (await lab.Host.ObserveAsync(false, CancellationToken.None)).Groups.Single().PolicyVersion);

        var resumed = await (await lab.Host.ResumeAsync(held.Operation.Id, new RunOptions())).Completion;
        Assert.Equal(OperationState.Succeeded, resumed.Operation!.State);
        Assert.Equal(2, (await lab.Host.ObserveAsync(false, CancellationToken.None)).Groups.Single().PolicyVersion);
        Assert.Equal(SyncOutcome.Confirmed, lab.Host.ReportSync(resumed, []).Outcome);
    }

    [Fact]
    public async Task A_held_sync_that_nobody_confirms_is_taken_back_by_the_members_and_resume_comes_too_late()
    {
        await using var lab = await StartAsync();
        var held = await lab.RunAsync(Sync(hold: true));
        await PassAsync(lab, SyncPolicyChange.DefaultRevertAfter + TimeSpan.FromSeconds(5));
        Assert.All(await lab.MembersAsync("dmz"), m => Assert.Equal(1, m.PolicyVersion));

        var late = await (await lab.Host.ResumeAsync(held.Operation!.Id, new RunOptions())).Completion;

        Assert.NotNull(late.Failure);
        Assert.Equal(OperationState.RolledBack, late.Operation!.State);
        Assert.All(await lab.MembersAsync("dmz"), m => Assert.Equal(1, m.PolicyVersion));
    }

    [Fact]
    public async Task The_next_sync_takes_a_held_one_back_first()
    {
        await using var lab = await StartAsync();
        await lab.RunAsync(Sync(hold: true));
        var next = await lab.SyncAsync("dmz", "table inet other { }");
        Assert.Null(next.Failure);
        Assert.Contains("RolledBack", Assert.Single(next.Settled));
        Assert.All(await lab.MembersAsync("dmz"), m => Assert.Equal(3, m.PolicyVersion));
    }

    [Fact]
    public async Task A_prepared_policy_touches_no_kernel_and_the_next_sync_of_it_goes_on_from_there()
    {
        await using var lab = await StartAsync();
        var prepared = await lab.RunAsync(Sync(prepareOnly: true));
        Assert.Equal(SyncOutcome.Prepared, lab.Host.ReportSync(prepared, []).Outcome);
        Assert.All(lab.Host.ReportSync(prepared, []).Member, m => Assert.Equal(MemberSyncOutcome.Staged, m.Outcome));
        Assert.All(await lab.MembersAsync("dmz"), m => Assert.Equal(1, m.PolicyVersion));

        var sync = await lab.RunAsync(Sync());
        Assert.Null(sync.Failure);
        Assert.All(await lab.MembersAsync("dmz"), m => Assert.Equal(2, m.PolicyVersion));
        Assert.All(sync.Operation!.Step.Where(s => s.Stage == "stage"), s => Assert.Equal(StepOutcome.Already, s.Outcome));
    }

    private static SyncPolicyChange Sync(bool hold = false, bool prepareOnly = false) =>
        new() { Group = "dmz", Document = LabSession.Policy(New), HoldForConfirmation = hold, PrepareOnly = prepareOnly };

    private static async Task<LabSession> StartAsync()
    {
        var lab = LabSession.Open();
        await lab.MakeGroupAsync("dmz", 3);
        Assert.Null((await lab.SyncAsync("dmz", Old)).Failure);
        return lab;
    }

    private static Task PassAsync(LabSession lab, TimeSpan time) => lab.Lab.Scheduler.RunAsync(async () =>
    {
        await lab.Lab.Scheduler.Clock.Delay(time, CancellationToken.None);
        return true;
    });
}

using Maestro.Engine.Fabrics.Probes;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Groups;
using Maestro.Engine.Model.Operations;
using Maestro.Engine.Model.Policy;
using Maestro.Engine.Operations.Running;
using Maestro.Engine.Synchronisation.Policy;
using Maestro.Testbeds;

namespace Maestro.Engine.Tests.Fabrics.Linux;

/// <summary>The group's health between commit and decision, on real hosts: who is harmed takes all back that answer, and is named with what becomes of it.</summary>
public sealed class LinuxHealthTests
{
    [TestbedFact]
    public async Task A_host_that_loses_power_after_its_commit_takes_all_others_back_and_is_let_go_by_the_next_run()
    {
        await using var bed = await Testbed.StartAsync(new TestbedOptions { Gateways = 3 });
        var dead = bed.Gateways[1];
        var loss = new Just("observe", dead.Id, () => bed.PowerOffAsync(dead), armed: false);
        await using var session = LinuxSession.Open(bed, between: loss.Around);
        await session.MakeGroupAsync(bed);
        Assert.Null((await session.SyncAsync(LinuxSession.Forbidding(81))).Failure);
        var committed = 0;

        var sync = await session.RunAsync(Sync(session), new RunOptions
        {
            Events = e =>
            {
                if (e.Kind == OperationEventKind.StepEnded && e.StepId.StartsWith("commit/", StringComparison.Ordinal) && Interlocked.Increment(ref committed) == 3) loss.Arm();
            },
        });

        Assert.True(loss.IsHit);
        var failure = Assert.IsType<MaestroException>(sync.Failure);
        Assert.Equal((ErrorCatalogue.GroupUnhealthy, "1_2"), (failure.Code, Assert.Single(sync.Operation!.UnsettledMember)));
        Assert.Contains("Not reached: 1_2 (it goes back by itself", failure.Message, StringComparison.Ordinal);
        Assert.Equal([MemberSyncOutcome.Reverted, MemberSyncOutcome.Unsettled, MemberSyncOutcome.Reverted], session.Host.ReportSync(sync, []).Member.Select(m => m.Outcome));
        // Sooner than any timer: the others were told.
        Assert.InRange(sync.Operation.Duration, TimeSpan.Zero, SyncPolicyChange.DefaultRevertAfter);
        foreach (var gateway in bed.Gateways.Where(g => g != dead)) Assert.Contains("tcp dport 81 drop", await RulesAsync(bed, gateway));

        await bed.PowerOnAsync(dead);
        Assert.Contains("tcp dport 81 drop", await RulesAsync(bed, dead));
        Assert.True((await bed.SendTcpAsync(dead, 80)).Dropped);
        Assert.Equal(MemberState.Held, (await session.MembersAsync())[1].State);

        var next = await session.RunAsync(new SyncPolicyChange { Group = "dmz" });
        Assert.True(next.Failure is null, next.Failure?.Message);
        Assert.Contains("RolledBack", Assert.Single(next.Settled), StringComparison.Ordinal);
        Assert.All(await session.MembersAsync(), m => Assert.Equal((1, MemberState.Active), (m.PolicyVersion, m.State)));
        Assert.False((await bed.SendTcpAsync(dead, 80)).Dropped);
    }

    [TestbedFact]
    public async Task A_host_that_comes_up_after_the_sync_was_settled_without_it_is_let_go_by_a_sync_without_a_source()
    {
        await using var bed = await Testbed.StartAsync(new TestbedOptions { Gateways = 3 });
        var dead = bed.Gateways[1];
        var loss = new Just("observe", dead.Id, () => bed.PowerOffAsync(dead), armed: false);
        await using var session = LinuxSession.Open(bed, between: loss.Around);
        await session.MakeGroupAsync(bed);
        Assert.Null((await session.SyncAsync(LinuxSession.Forbidding(81))).Failure);
        var committed = 0;

        // Its timer would have run out long before the others are told.
        var sync = await session.RunAsync(Sync(session) with { RevertAfter = TimeSpan.FromSeconds(8) }, new RunOptions
        {
            Events = e =>
            {
                if (e.Kind == OperationEventKind.StepEnded && e.StepId.StartsWith("commit/", StringComparison.Ordinal) && Interlocked.Increment(ref committed) == 3) loss.Arm();
            },
        });

        Assert.True(loss.IsHit);
        Assert.Equal(OperationState.RolledBack, sync.Operation!.State);
        Assert.Contains("Not reached: 1_2", sync.Operation.Reason, StringComparison.Ordinal);
        await bed.PowerOnAsync(dead);
        Assert.Equal(MemberState.Held, (await session.MembersAsync())[1].State);

        var next = await session.RunAsync(new SyncPolicyChange { Group = "dmz" });
        Assert.True(next.Failure is null, next.Failure?.Message);
        Assert.Equal(["1_2"], next.Plan.AllSteps.Select(s => s.Member).Where(m => m.Length > 0).Distinct());
        Assert.All(await session.MembersAsync(), m => Assert.Equal((1, MemberState.Active), (m.PolicyVersion, m.State)));
        Assert.False((await bed.SendTcpAsync(dead, 80)).Dropped);
    }

    [TestbedFact]
    public async Task A_host_whose_probe_is_not_content_takes_all_back()
    {
        await using var bed = await Testbed.StartAsync(new TestbedOptions { Gateways = 3 });
        await using var session = LinuxSession.Open(bed);
        await session.MakeGroupAsync(bed);
        Assert.Null((await session.SyncAsync(LinuxSession.Forbidding(81))).Failure);
        await File.WriteAllTextAsync(bed.Gateways[2].PathOf("/root/ill"), "");

        var sync = await session.RunAsync(Sync(session) with { RevertAfter = TimeSpan.FromSeconds(30), Probes = [Probe.Parse("exec:test ! -e /root/ill")] });

        var failure = Assert.IsType<MaestroException>(sync.Failure);
        Assert.Equal((ErrorCatalogue.ProbeFailed, OperationState.RolledBack), (failure.Code, sync.Operation!.State));
        Assert.Contains("on 1_3", failure.Message, StringComparison.Ordinal);
        foreach (var gateway in bed.Gateways) Assert.Contains("tcp dport 81 drop", await RulesAsync(bed, gateway));
        Assert.All(await session.MembersAsync(), m => Assert.Equal((1, MemberState.Active), (m.PolicyVersion, m.State)));
    }

    private static SyncPolicyChange Sync(LinuxSession session) => new() { Group = "dmz", Document = session.Document(LinuxSession.Forbidding(82)) };

    private static Task<string> RulesAsync(Testbed bed, TestbedGateway gateway) => bed.NftListAsync(gateway, "list", "ruleset");
}

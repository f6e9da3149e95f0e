using Maestro.Engine.Fabrics.Probes;
using Maestro.Engine.Fabrics.Simulation.World;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Operations;
using Maestro.Engine.Model.Policy;
using Maestro.Engine.Operations.Running;
using Maestro.Engine.Synchronisation;
using Maestro.Engine.Synchronisation.Policy;

namespace Maestro.Engine.Tests.Lab;

/// <summary>Syncs that may leave members behind, and syncs whose probes have a say.</summary>
public sealed class SyncModeTests
{
    private const string Old = "table inet web { }";
    private const string New = "table inet web { chain forward { } }";

    [Theory]
    [InlineData(SyncMode.BestEffort)]
    [InlineData(SyncMode.RequireQuorum)]
    public async Task Who_refuses_is_left_behind_named_and_brought_forward_by_the_next_run(SyncMode mode)
    {
        var (lab, gateways) = await StartAsync();
        await using var _ = lab;
        lab.World.Faults.Add("stage", gateways[1], LabFaultKind.Refuse);

        var sync = await lab.RunAsync(Sync(mode));

        Assert.Null(sync.Failure);
        Assert.Equal((OperationState.Unsettled, "1_2"), (sync.Operation!.State, Assert.Single(sync.Operation.UnsettledMember)));
        var report = lab.Host.ReportSync(sync, []);
        Assert.Equal(SyncOutcome.Partial, report.Outcome);
        Assert.Equal([MemberSyncOutcome.Confirmed, MemberSyncOutcome.Refused, MemberSyncOutcome.Confirmed], report.Member.Select(m => m.Outcome));
        Assert.Contains("1_2", report.Reason);
        Assert.Contains(lab.Events, e => e.Kind == OperationEventKind.Warning && e.Text.Contains("left behind"));
        Assert.Equal([2, 1, 2], (await lab.MembersAsync("dmz")).Select(m => m.PolicyVersion));

        lab.World.Faults.Clear();
        var settled = await (await lab.Host.SettleAsync("dmz", new RunOptions())).Completion;
        Assert.Contains("Succeeded", Assert.Single(settled.Settled));
        Assert.All(await lab.MembersAsync("dmz"), m => Assert.Equal(2, m.PolicyVersion));
    }

    [Fact]
    public async Task Who_cannot_be_brought_forward_either_keeps_nobody_waiting()
    {
        var (lab, gateways) = await StartAsync();
        await using var _ = lab;
        lab.World.Faults.Add("stage", gateways[1], LabFaultKind.Refuse);
        await lab.RunAsync(Sync(SyncMode.BestEffort));

        var settled = await (await lab.Host.SettleAsync("dmz", new RunOptions())).Completion;

        Assert.Contains("Stopped", Assert.Single(settled.Settled));
        var next = await lab.RunAsync(Sync(SyncMode.BestEffort, "table inet other { }"));
        Assert.Equal(SyncOutcome.Partial, lab.Host.ReportSync(next, []).Outcome);
        Assert.Equal([3, 1, 3], (await lab.MembersAsync("dmz")).Select(m => m.PolicyVersion));
    }

    [Fact]
    public async Task Fewer_than_a_majority_take_all_back()
    {
        var (lab, gateways) = await StartAsync();
        await using var _ = lab;
        lab.World.Faults.Add("commit", gateways[1], LabFaultKind.Refuse);
        lab.World.Faults.Add("commit", gateways[2], LabFaultKind.Refuse);

        var sync = await lab.RunAsync(Sync(SyncMode.RequireQuorum));

        Assert.Equal(OperationState.RolledBack, sync.Operation!.State);
        Assert.Equal(SyncOutcome.Reverted, lab.Host.ReportSync(sync, []).Outcome);
        Assert.All(await lab.MembersAsync("dmz"), m => Assert.Equal(1, m.PolicyVersion));
    }

    [Fact]
    public async Task Who_cannot_prepare_it_is_named_and_keeps_nobody_waiting()
    {
        var (lab, gateways) = await StartAsync();
        await using var _ = lab;
        lab.World.Faults.Add("stage", gateways[1], LabFaultKind.Refuse);

        var prepared = await lab.RunAsync(Sync(SyncMode.BestEffort) with { PrepareOnly = true });

        Assert.Equal(OperationState.Stopped, prepared.Operation!.State);
        Assert.Contains("1_2", prepared.Operation.Reason);
        var report = lab.Host.ReportSync(prepared, []);
        Assert.Equal(SyncOutcome.Partial, report.Outcome);
        Assert.Equal([MemberSyncOutcome.Staged, MemberSyncOutcome.Refused, MemberSyncOutcome.Staged], report.Member.Select(m => m.Outcome));

        lab.World.Faults.Clear();
        Assert.Equal(OperationState.Succeeded, (await lab.RunAsync(Sync(SyncMode.RequireAll))).Operation!.State);
    }

    [Fact]
    public async Task Stopped_past_the_decision_it_first_finishes_with_those_that_were_told()
    {
        var (lab, gateways) = await StartAsync();
        await using var _ = lab;
        lab.World.Faults.Add("stage", gateways[2], LabFaultKind.Refuse);
        lab.World.Faults.Add("confirm", gateways[1], LabFaultKind.Refuse);
        var sync = await lab.RunAsync(Sync(SyncMode.BestEffort));
        Assert.Equal(["1_2", "1_3"], sync.Operation!.UnsettledMember);

        lab.World.Faults.Clear();
        lab.World.Faults.Add("stage", gateways[2], LabFaultKind.Refuse);
        var stopped = await lab.Host.StopAsync(sync.Operation.Id, new RunOptions());

        Assert.Equal(OperationState.Stopped, stopped.State);
        Assert.Contains("1_3", stopped.Reason);
        Assert.Equal([2, 2, 1], gateways.Select(g => lab.World.State.FindGateway(g)!.Confirmed!.Number));
    }

    [Fact]
    public async Task Who_joined_meanwhile_with_the_older_policy_is_brought_along()
    {
        var (lab, gateways) = await StartAsync();
        await using var _ = lab;
        lab.World.Faults.Add("stage", gateways[1], LabFaultKind.Refuse);
        LabGateway? late = null;
        var handle = await lab.Host.StartAsync(Sync(SyncMode.BestEffort), new RunOptions
        {
            Events = e =>
            {
                if (late is not null || e.Kind != OperationEventKind.Decided) return;
                late = lab.World.State.Gateways.First(g => g.Site == 1 && g.Group.Length == 0);
                var like = lab.World.State.FindGateway(gateways[0])!;
                (late.Group, late.Member, late.State) = (like.Group, "1_4", Model.Groups.MemberState.Active);
                late.Running = late.Confirmed = like.Confirmed;
            },
        });

        var sync = await handle.Completion;

        Assert.Equal("1_2", Assert.Single(sync.Operation!.UnsettledMember));
        Assert.Equal(2, late!.Confirmed!.Number);
    }

    [Fact]
    public async Task The_sync_of_an_empty_group_that_somebody_joined_meanwhile_is_taken_back_for_nobody_claimed_him()
    {
        await using var lab = LabSession.Open();
        await lab.MakeGroupAsync("dmz", 0);
        LabGateway? first = null;
        var handle = await lab.Host.StartAsync(Sync(SyncMode.RequireAll), new RunOptions
        {
            Events = e =>
            {
                if (first is not null || e.Kind != OperationEventKind.Decided) return;
                first = lab.World.State.Gateways.First(g => g.Site == 1 && g.Group.Length == 0);
                (first.Group, first.Member, first.State) = ("dmz", "1_1", Model.Groups.MemberState.Active);
                lab.World.Keep();
            },
        });

        var sync = await handle.Completion;

        Assert.Equal((OperationState.RolledBack, ErrorCatalogue.PlanStale), (sync.Operation!.State, ((MaestroException)sync.Failure!).Code));
        Assert.Null(first!.Confirmed);
        Assert.Empty(first.Staged);
    }

    [Fact]
    public async Task Who_fetched_the_older_policy_of_one_left_behind_is_brought_along_when_he_is()
    {
        var (lab, gateways) = await StartAsync();
        await using var _ = lab;
        lab.World.Faults.Add("stage", gateways[0], LabFaultKind.Refuse);
        await lab.RunAsync(Sync(SyncMode.BestEffort));
        var third = lab.World.State.FindGateway(gateways[2])!;
        third.Running = third.Confirmed = lab.World.State.FindGateway(gateways[0])!.Confirmed;

        lab.World.Faults.Clear();
        var settled = await (await lab.Host.SettleAsync("dmz", new RunOptions())).Completion;

        Assert.Contains("Succeeded", Assert.Single(settled.Settled));
        Assert.All(await lab.MembersAsync("dmz"), m => Assert.Equal(2, m.PolicyVersion));
    }

    [Fact]
    public async Task Whom_it_left_behind_is_named_too_when_too_few_are_left_past_the_decision()
    {
        var (lab, gateways) = await StartAsync(5);
        await using var _ = lab;
        lab.World.Faults.Add("stage", gateways[1], LabFaultKind.Refuse);
        foreach (var gateway in gateways.Skip(3)) lab.World.Faults.Add("confirm", gateway, LabFaultKind.Refuse);

        var sync = await lab.RunAsync(Sync(SyncMode.RequireQuorum));

        Assert.Equal((OperationState.Unsettled, "1_2,1_4,1_5"), (sync.Operation!.State, string.Join(",", sync.Operation.UnsettledMember.Order(StringComparer.Ordinal))));
    }

    [Theory]
    [InlineData(SyncMode.RequireAll)]
    [InlineData(SyncMode.BestEffort)]
    public async Task One_bad_answer_takes_all_back_in_every_mode(SyncMode mode)
    {
        var (lab, gateways) = await StartAsync();
        await using var _ = lab;
        lab.World.Faults.Add("probe", gateways[1], LabFaultKind.Refuse);

        var sync = await lab.RunAsync(Sync(mode) with { Probes = [Probe.Parse("exec:true")] });

        Assert.Equal(OperationState.RolledBack, sync.Operation!.State);
        Assert.All(await lab.MembersAsync("dmz"), m => Assert.Equal(1, m.PolicyVersion));
    }

    [Fact]
    public async Task A_probe_that_is_not_content_takes_all_back()
    {
        var (lab, _) = await StartAsync();
        await using var closing = lab;
        var sync = await lab.RunAsync(Sync(SyncMode.RequireAll) with { Probes = [Probe.Parse("exec:false")] });
        Assert.Equal(ErrorCatalogue.ProbeFailed, ((MaestroException)sync.Failure!).Code);
        Assert.Equal(OperationState.RolledBack, sync.Operation!.State);
        Assert.All(await lab.MembersAsync("dmz"), m => Assert.Equal(1, m.PolicyVersion));

        var content = await lab.RunAsync(Sync(SyncMode.RequireAll) with { Probes = [Probe.Parse("exec:true")] });
        Assert.Null(content.Failure);
        Assert.All(await lab.MembersAsync("dmz"), m => Assert.Equal(2 + 1, m.PolicyVersion));
    }

    [Fact]
    public async Task A_question_that_a_lab_cannot_ask_is_refused_and_not_taken_for_a_good_answer()
    {
        var (lab, _) = await StartAsync();
        await using var closing = lab;
        var sync = await lab.RunAsync(Sync(SyncMode.RequireAll) with { Probes = [Probe.Parse("tcp://shop.example:443")] });
        Assert.Equal(ErrorCatalogue.FabricCannot, ((MaestroException)sync.Failure!).Code);
        Assert.All(await lab.MembersAsync("dmz"), m => Assert.Equal(1, m.PolicyVersion));
    }

    private static async Task<(LabSession Lab, IReadOnlyList<string> Gateways)> StartAsync(int members = 3)
    {
        var lab = LabSession.Open();
        var gateways = await lab.MakeGroupAsync("dmz", members);
        Assert.Null((await lab.SyncAsync("dmz", Old)).Failure);
        return (lab, gateways);
    }

    private static SyncPolicyChange Sync(SyncMode mode, string content = New) => new() { Group = "dmz", Document = LabSession.Policy(content), Mode = mode };
}

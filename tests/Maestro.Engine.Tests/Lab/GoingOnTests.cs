using Maestro.Engine.Clustering.Membership;
using Maestro.Engine.Fabrics;
using Maestro.Engine.Fabrics.Simulation.World;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Groups;
using Maestro.Engine.Model.Operations;
using Maestro.Engine.Operations;
using Maestro.Engine.Operations.Running;
using Maestro.Engine.Store;
using Maestro.Engine.Synchronisation.Configuration;
using Maestro.Engine.Synchronisation.Policy;
using Maestro.Victim;

namespace Maestro.Engine.Tests.Lab;

/// <summary>What a run that was taken back, or came to rest, leaves to others, and what it respects of theirs when it goes on.</summary>
public sealed class GoingOnTests
{
    [Fact]
    public async Task An_undo_that_cannot_apply_leaves_none_of_its_edits_pending()
    {
        await using var lab = LabSession.Open();
        var set = await DescribeAsync(lab, "new");
        lab.World.Faults.Add("topology.apply", "", LabFaultKind.Refuse);

        var undo = await UndoAsync(lab, set);
        Assert.Equal(OperationState.Paused, undo.Operation!.State);
        Assert.Empty(lab.World.State.Pending);

        lab.World.Faults.Clear();
        Assert.Equal(OperationState.Succeeded, (await ResumeAsync(lab, undo)).Operation!.State);
        Assert.Equal("", lab.World.State.FindGroup("dmz")!.Description);
    }

    [Fact]
    public async Task A_sync_that_was_wholly_done_and_only_not_closed_when_its_process_died_is_not_stopped_but_succeeded()
    {
        var entries = await SyncAndDieAsync(pauseAt: 0, async (lab, entries) =>
        {
            Assert.Equal(OperationState.Succeeded, (await lab.Host.GetOperationsAsync(new()))[0].State);
            return entries;
        });

        // After its last entry but one: that which closes it is missing.
        var stopped = await SyncAndDieAsync(entries - 1, async (lab, _) =>
        {
            var left = (await lab.Host.GetOperationsAsync(new()))[0];
            Assert.False(OperationStateMachine.IsEnd(left.State));
            return await lab.Host.StopAsync(left.Id, new RunOptions());
        });

        Assert.Equal((OperationState.Succeeded, ""), (stopped.State, stopped.Reason));
    }

    [Fact]
    public async Task An_undo_does_not_begin_while_another_has_something_pending()
    {
        await using var lab = LabSession.Open();
        var set = await DescribeAsync(lab, "new");
        new LabOperator(lab.World, "otto").Stage(new TopologyEdit(TopologyEditKind.SetGroup, "dmz", Property: "CapacityCeiling", Value: "70"));
        var fault = await Assert.ThrowsAsync<MaestroException>(() => UndoAsync(lab, set));
        Assert.Equal(ErrorCatalogue.ForeignChange, fault.Code);
        Assert.Equal("otto", Assert.Single(lab.World.State.Pending).StagedBy);
    }

    [Fact]
    public async Task A_run_that_goes_on_takes_no_gateway_from_the_group_that_it_joined_meanwhile()
    {
        await using var lab = LabSession.Open();
        await lab.MakeGroupAsync("dmz", 2);
        var free = (await lab.Host.ObserveAsync(pending: false, CancellationToken.None)).Gateways.First(g => g.SecurityGroup.Length == 0).Id;
        using var interrupt = new CancellationTokenSource();
        var handle = await lab.Host.StartAsync(new AddMembersChange { Group = "dmz", Gateways = [free] }, new RunOptions
        {
            Rest = interrupt.Token,
            Events = e =>
            {
                if (e.Kind == OperationEventKind.StepEnded && e.StepId == "topology/stage") interrupt.Cancel();
            },
        });
        var rests = await handle.Completion;
        Assert.Equal(OperationState.Paused, rests.Operation!.State);
        // A hand is faster.
        var otto = new LabOperator(lab.World, "otto");
        otto.Stage(new TopologyEdit(TopologyEditKind.CreateGroup, "shop"));
        otto.Stage(new TopologyEdit(TopologyEditKind.AssignGateway, "shop", free));
        otto.Apply();

        var resumed = await ResumeAsync(lab, rests);

        Assert.Equal(ErrorCatalogue.GatewayInUse, resumed.Failure!.Code);
        Assert.Equal("shop", lab.World.State.FindGateway(free)!.Group);
        Assert.Empty(lab.World.State.Pending);
    }

    [Fact]
    public async Task An_undo_that_takes_members_out_again_has_them_hand_over_their_traffic_first()
    {
        await using var lab = LabSession.Open();
        var add = await AddAsync(lab);

        var undo = await UndoAsync(lab, add);

        Assert.Equal(OperationState.Succeeded, undo.Operation!.State);
        Assert.Equal(["suspend", "suspend", "topology.stage", "topology.apply"], lab.World.Log.Calls.Where(c => c.Changed && c.OperationId == undo.Operation.Id && !c.Name.StartsWith("claim", StringComparison.Ordinal)).Select(c => c.Name));
        Assert.Equal(4, (await lab.MembersAsync("dmz")).Count(m => m.State == Model.Groups.MemberState.Active));
    }

    [Fact]
    public async Task A_run_that_is_taken_back_on_its_way_has_its_joiners_hand_over_their_traffic_first()
    {
        await using var lab = LabSession.Open();
        var (add, free) = await AddAndRestAsync(lab);
        Assert.Equal(OperationState.Paused, add.Operation!.State);
        await lab.Lab.Scheduler.RunAsync(async () =>
        {
            await lab.Lab.Scheduler.Clock.Delay(TimeSpan.FromMinutes(10));
            return true;
        });
        Assert.Equal(6, (await lab.MembersAsync("dmz")).Count(m => m.State == Model.Groups.MemberState.Active));
        var before = lab.World.Log.Calls.Count;

        var undo = await UndoAsync(lab, add);

        Assert.Equal(OperationState.RolledBack, undo.Operation!.State);
        var calls = lab.World.Log.Calls.Skip(before).Where(c => c.Changed && !c.Name.StartsWith("claim", StringComparison.Ordinal)).Select(c => (c.Name, Gateway: c.Subject)).ToList();
        Assert.Equal(free, calls.Where(c => c.Name == "suspend").Select(c => c.Gateway).OrderBy(g => g, StringComparer.Ordinal));
        Assert.Equal(["topology.stage", "topology.apply"], calls.Skip(2).Select(c => c.Name));
        Assert.Equal(4, (await lab.MembersAsync("dmz")).Count(m => m.State == Model.Groups.MemberState.Active));
    }

    [Fact]
    public async Task A_run_that_goes_on_after_its_apply_took_a_drained_member_out_has_nothing_to_drain()
    {
        await using var lab = LabSession.Open();
        var (add, _) = await AddAndRestAsync(lab, stagedRemoval: "1_4");
        Assert.Equal(OperationState.Paused, add.Operation!.State);

        var resumed = await ResumeAsync(lab, add);

        Assert.Equal((OperationState.Succeeded, ""), (resumed.Operation!.State, resumed.Operation.Reason));
        Assert.Equal(5, (await lab.MembersAsync("dmz")).Count(m => m.State == Model.Groups.MemberState.Active));
    }

    [Fact]
    public async Task Whom_an_undo_drained_and_could_not_take_out_carries_again()
    {
        await using var lab = LabSession.Open();
        var add = await AddAsync(lab);
        lab.World.Faults.Add("topology.apply", "", LabFaultKind.Refuse);

        var undo = await UndoAsync(lab, add);

        Assert.Equal(OperationState.Paused, undo.Operation!.State);
        Assert.Equal(6, (await lab.MembersAsync("dmz")).Count(m => m.State == Model.Groups.MemberState.Active));
    }

    [Fact]
    public async Task Whom_an_undo_drained_and_could_not_bring_back_either_carries_again_when_it_is_stopped()
    {
        await using var lab = LabSession.Open();
        var (add, free) = await AddAndRestAsync(lab);
        await lab.Lab.Scheduler.RunAsync(async () =>
        {
            await lab.Lab.Scheduler.Clock.Delay(TimeSpan.FromMinutes(10));
            return true;
        });
        lab.World.Faults.Add("topology.apply", "", LabFaultKind.Refuse);
        foreach (var gateway in free) lab.World.Faults.Add("resume", gateway, LabFaultKind.Refuse);
        var undo = await UndoAsync(lab, add);
        Assert.Equal(OperationState.Unsettled, undo.Operation!.State);
        Assert.Equal(4, (await lab.MembersAsync("dmz")).Count(m => m.State == Model.Groups.MemberState.Active));

        lab.World.Faults.Clear();
        var stopped = await lab.Host.StopAsync(undo.Operation.Id, new RunOptions());

        Assert.Equal(OperationState.Stopped, stopped.State);
        await lab.Lab.Scheduler.RunAsync(async () =>
        {
            await lab.Lab.Scheduler.Clock.Delay(TimeSpan.FromMinutes(5));
            return true;
        });
        Assert.Equal(6, (await lab.MembersAsync("dmz")).Count(m => m.State == Model.Groups.MemberState.Active));
    }

    [Fact]
    public async Task A_run_that_goes_on_does_not_write_over_what_another_has_pending_since()
    {
        await using var lab = LabSession.Open();
        var set = await DescribeAsync(lab, "new");
        lab.World.Faults.Add("topology.stage", "", LabFaultKind.Refuse);
        var undo = await UndoAsync(lab, set);
        Assert.Equal(OperationState.Paused, undo.Operation!.State);
        lab.World.Faults.Clear();
        new LabOperator(lab.World, "otto").Stage(new TopologyEdit(TopologyEditKind.SetGroup, "dmz", Property: "Description", Value: "otto's"));

        var resumed = await ResumeAsync(lab, undo);
        Assert.Equal(ErrorCatalogue.PendingConflict, resumed.Failure!.Code);
        Assert.Equal("otto's", Assert.Single(lab.World.State.Pending).Edit.Value);
    }

    [Fact]
    public async Task An_apply_that_goes_on_takes_nobody_out_whom_the_group_can_no_longer_spare()
    {
        await using var lab = LabSession.Open();
        var gateways = await lab.MakeGroupAsync("dmz", 4);
        await lab.RunAsync(new RemoveMembersChange { Group = "dmz", Members = ["1_4"], StageOnly = true });
        lab.World.Faults.Add("topology.apply", "", LabFaultKind.Refuse);
        var publish = await lab.RunAsync(new PublishPendingChange());
        Assert.Equal(OperationState.Paused, publish.Operation!.State);
        lab.World.Faults.Clear();
        var otto = new LabOperator(lab.World, "otto");
        foreach (var gateway in gateways.Take(2)) otto.Suspend(gateway, "disk");

        var resumed = await ResumeAsync(lab, publish);
        Assert.Equal(ErrorCatalogue.CapacityGuard, resumed.Failure!.Code);
        Assert.Equal(4, (await lab.MembersAsync("dmz")).Count);
    }

    [Fact]
    public async Task Whom_a_run_drained_and_a_hand_brought_back_since_hands_over_once_more_when_it_goes_on()
    {
        await using var lab = LabSession.Open();
        var gateways = await lab.MakeGroupAsync("dmz", 6);
        lab.World.Faults.Add("topology.apply", "", LabFaultKind.Lie);
        var removal = await lab.RunAsync(new RemoveMembersChange { Group = "dmz", Members = ["1_6"] });
        Assert.Equal(OperationState.Unsettled, removal.Operation!.State);
        lab.World.Faults.Clear();
        var gateway = lab.World.State.FindGateway(gateways[5])!;
        Assert.Equal(MemberState.Suspended, gateway.State);
        (gateway.State, gateway.SuspendedBy) = (MemberState.Active, "");
        var before = lab.World.Log.Calls.Count;

        Assert.Equal(OperationState.Succeeded, (await ResumeAsync(lab, removal)).Operation!.State);

        Assert.Equal(["suspend", "topology.apply"], lab.World.Log.Calls.Skip(before).Where(c => c.Changed && c.Name is "suspend" or "topology.apply").Select(c => c.Name));
        Assert.Equal(5, (await lab.MembersAsync("dmz")).Count);
    }

    [Fact]
    public async Task Who_was_out_when_its_removal_was_planned_and_carries_at_the_apply_stays()
    {
        await using var lab = LabSession.Open();
        var gateways = await lab.MakeGroupAsync("dmz", 6);
        new LabOperator(lab.World, "otto").Suspend(gateways[5], "disk");
        var gateway = lab.World.State.FindGateway(gateways[5])!;
        var handle = await lab.Host.StartAsync(new RemoveMembersChange { Group = "dmz", Members = ["1_6"] }, new RunOptions
        {
            Events = e =>
            {
                if (e.Kind == OperationEventKind.StepStarted && e.StepId == "topology/apply") (gateway.State, gateway.SuspendedBy) = (MemberState.Active, "");
            },
        });

        var removal = await handle.Completion;

        Assert.Equal((OperationState.RolledBack, ErrorCatalogue.PlanStale), (removal.Operation!.State, removal.Failure!.Code));
        Assert.Contains("1_6 carries traffic again", removal.Failure.Message, StringComparison.Ordinal);
        Assert.Equal(MemberState.Active, (await lab.MembersAsync("dmz")).Single(m => m.Member == "1_6").State);
        Assert.Empty(lab.World.State.Pending);
    }

    [Fact]
    public async Task Who_left_since_does_not_keep_an_undo_from_the_others()
    {
        await using var lab = LabSession.Open();
        await lab.MakeGroupAsync("dmz", 6);
        var set = await lab.RunAsync(new SetMembersChange { Group = "dmz", Members = ["1_3", "1_4"], Weight = "200" });
        Assert.Equal(OperationState.Succeeded, set.Operation!.State);
        Assert.Null((await lab.RunAsync(new RemoveMembersChange { Group = "dmz", Members = ["1_4"] })).Failure);

        var undo = await UndoAsync(lab, set);

        Assert.Equal(OperationState.Succeeded, undo.Operation!.State);
        Assert.Null((await lab.MembersAsync("dmz")).Single(m => m.Member == "1_3").Weight);
        // Of one of whom nothing is left there is nothing to do.
        Assert.Equal(OperationState.Succeeded, (await lab.RunAsync(new SetMembersChange { Group = "dmz", Members = ["1_3"], Weight = "300" })).Operation!.State);
        var newest = (await lab.Host.GetOperationsAsync(new() { Newest = 1 }))[0];
        Assert.Null((await lab.RunAsync(new RemoveMembersChange { Group = "dmz", Members = ["1_3"] })).Failure);
        Assert.Null((await (await lab.Host.UndoAsync(newest.Id, new RunOptions())).Completion).Operation);
    }

    [Fact]
    public async Task A_sync_that_another_store_has_overtaken_ends_and_leaves_the_later_policy()
    {
        await using var lab = LabSession.Open();
        var gateways = await lab.MakeGroupAsync("dmz", 3);
        lab.World.Faults.Add("confirm", gateways[1], LabFaultKind.Refuse);
        var first = await lab.SyncAsync("dmz", "table inet web { }");
        Assert.Equal(OperationState.Unsettled, first.Operation!.State);

        lab.World.Faults.Clear();
        await using var other = lab.Another("berta", 200, ownStore: true);
        Assert.Equal(OperationState.Succeeded, (await other.SyncAsync("dmz", "table inet later { }")).Operation!.State);

        var resumed = await ResumeAsync(lab, first);
        Assert.Equal(OperationState.Stopped, resumed.Operation!.State);
        Assert.Contains("another's later run has confirmed #2", resumed.Operation.Reason, StringComparison.Ordinal);
        Assert.All(await lab.MembersAsync("dmz"), m => Assert.Equal(2, m.PolicyVersion));
        // And nothing stands in the way of the next one.
        Assert.Equal(OperationState.Succeeded, (await lab.SyncAsync("dmz", "table inet third { }")).Operation!.State);
    }

    /// <summary>A heal confirms what a restart loads anyway, so that nothing acts after its decision.</summary>
    [Fact]
    public async Task A_decided_sync_of_which_a_member_was_told_is_not_taken_back_though_that_changed_nothing_there()
    {
        await using var lab = LabSession.Open();
        var gateways = await lab.MakeGroupAsync("dmz", 3);
        const string Content = """{ "version": 1, "sysctl": { "net.ipv4.ip_forward": "1" } }""";
        var document = new ConfigurationDocument { Content = Content, Fingerprint = Fingerprint.Of(Content), Source = "gateways.json" };
        Assert.Equal(OperationState.Succeeded, (await lab.RunAsync(new SyncConfigurationChange { Group = "dmz", Document = document })).Operation!.State);
        foreach (var drifting in gateways.Take(2)) lab.World.State.FindGateway(drifting)!.Items["sysctl net.ipv4.ip_forward"] = "0";

        lab.World.Faults.Add("configuration.confirm", gateways[1], LabFaultKind.Refuse);
        var heal = await lab.RunAsync(new SyncConfigurationChange { Group = "dmz" });
        Assert.Equal(OperationState.Unsettled, heal.Operation!.State);
        Assert.Contains(heal.Operation.Step, s => s is { Id: "confirm/1_1", Outcome: StepOutcome.Already });

        var fault = await Assert.ThrowsAsync<MaestroException>(() => UndoAsync(lab, heal));
        Assert.Equal(ErrorCatalogue.StepNotUndoable, fault.Code);
        lab.World.Faults.Clear();
        Assert.Equal(OperationState.Succeeded, (await ResumeAsync(lab, heal)).Operation!.State);
    }

    private static async Task<OperationResult> AddAsync(LabSession lab)
    {
        await lab.MakeGroupAsync("dmz", 4);
        var free = (await lab.Host.ObserveAsync(pending: false, CancellationToken.None)).Gateways.Where(g => g.SecurityGroup.Length == 0).Take(2).Select(g => g.Id).ToList();
        var add = await lab.RunAsync(new AddMembersChange { Group = "dmz", Gateways = free });
        Assert.Equal(OperationState.Succeeded, add.Operation!.State);
        return add;
    }

    /// <summary>Two join a group of four, and the run comes to rest while they do.</summary>
    private static async Task<(OperationResult Rests, IReadOnlyList<string> Joiners)> AddAndRestAsync(LabSession lab, string stagedRemoval = "")
    {
        await lab.MakeGroupAsync("dmz", 4);
        if (stagedRemoval.Length > 0) Assert.Null((await lab.RunAsync(new RemoveMembersChange { Group = "dmz", Members = [stagedRemoval], StageOnly = true })).Failure);
        var free = (await lab.Host.ObserveAsync(pending: false, CancellationToken.None)).Gateways.Where(g => g.SecurityGroup.Length == 0).Take(2).Select(g => g.Id).ToList();
        using var interrupt = new CancellationTokenSource();
        var handle = await lab.Host.StartAsync(new AddMembersChange { Group = "dmz", Gateways = free }, new RunOptions
        {
            Rest = interrupt.Token,
            Events = e =>
            {
                if (e.Kind == OperationEventKind.StepWaiting && e.StepId.StartsWith("await/", StringComparison.Ordinal)) interrupt.Cancel();
            },
        });
        return (await handle.Completion, free);
    }

    private static async Task<OperationResult> DescribeAsync(LabSession lab, string words)
    {
        await lab.MakeGroupAsync("dmz", 2);
        var set = await lab.RunAsync(new SetGroupChange { Group = "dmz", Description = words });
        Assert.Equal(OperationState.Succeeded, set.Operation!.State);
        return set;
    }

    private static async Task<OperationResult> UndoAsync(LabSession lab, OperationResult done) => await (await lab.Host.UndoAsync(done.Operation!.Id, new RunOptions())).Completion;

    private static async Task<OperationResult> ResumeAsync(LabSession lab, OperationResult rests) => await (await lab.Host.ResumeAsync(rests.Operation!.Id, new RunOptions())).Completion;

    /// <summary>What another finds of a sync whose process dies after one of its journal entries; 0 lets it live.</summary>
    private static async Task<T> SyncAndDieAsync<T>(int pauseAt, Func<LabSession, int, Task<T>> find)
    {
        await using var lab = LabSession.Open();
        await lab.MakeGroupAsync("dmz", 2);
        PausingStore? counter = null;
        var victim = lab.Another("otto", 200, around: store => PausingStore.Around(store, pauseAt, out counter));
        await victim.Host.StartAsync(new SyncPolicyChange { Group = "dmz", Document = LabSession.Policy("table inet first { }") }, new RunOptions());
        await lab.Lab.Scheduler.RunAsync(async () =>
        {
            await lab.Lab.Scheduler.Clock.Delay(TimeSpan.FromMinutes(2));
            return true;
        });
        lab.Identity.Dead.Add(200);
        return await find(lab, counter!.Entries);
    }
}

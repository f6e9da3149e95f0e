using System.Net;
using Maestro.Engine.Clustering.Distribution;
using Maestro.Engine.Clustering.Membership;
using Maestro.Engine.Fabrics;
using Maestro.Engine.Model.Distribution;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Operations;
using Maestro.Engine.Store;

namespace Maestro.Engine.Tests.Lab;

public sealed class DistributionTests
{
    [Fact]
    public async Task Other_rules_are_an_operation_under_the_traffic_lease_and_the_second_run_sends_nothing()
    {
        await using var lab = LabSession.Open();
        await lab.MakeGroupAsync("dmz", 3);

        var result = await lab.RunAsync(new SetDistributionChange { Group = "dmz", Mode = DistributionMode.AutoTopology, Layer4 = false });

        Assert.Equal(OperationState.Succeeded, result.Operation!.State);
        Assert.Equal(["traffic:dmz"], result.Plan.Resources);
        Assert.All(await lab.Host.GetDistributionAsync("dmz", CancellationToken.None), m => Assert.Equal((DistributionMode.AutoTopology, false, 2L), (m.Mode, m.Layer4, m.TableVersion)));
        Assert.Equal("Auto", (await lab.Host.ObserveAsync(false, CancellationToken.None)).Groups.Single().Distribution);
        var writes = lab.World.Writes.Count;
        Assert.Null((await lab.RunAsync(new SetDistributionChange { Group = "dmz", Mode = DistributionMode.AutoTopology })).Operation);
        Assert.Equal(writes, lab.World.Writes.Count);
    }

    [Fact]
    public async Task Undoing_it_brings_the_old_rules_back()
    {
        await using var lab = LabSession.Open();
        await lab.MakeGroupAsync("dmz", 3);
        var result = await lab.RunAsync(new SetDistributionChange { Group = "dmz", Layer4 = false });

        await (await lab.Host.UndoAsync(result.Operation!.Id, new Engine.Operations.Running.RunOptions())).Completion;

        Assert.All(await lab.Host.GetDistributionAsync("dmz", CancellationToken.None), m => Assert.True(m.Layer4));
    }

    [Fact]
    public async Task The_store_keeps_the_tables_and_another_store_reads_the_one_that_is_there_from_the_fabric()
    {
        await using var lab = LabSession.Open();
        await lab.MakeGroupAsync("dmz", 3);
        await lab.RunAsync(new SetDistributionChange { Group = "dmz", Layer4 = false });
        await lab.RunAsync(new SetDistributionChange { Group = "dmz", SlotCount = 1024 });

        var history = await lab.Lab.Scheduler.RunAsync(() => TableHistory.ReadAsync(lab.Store, "dmz"));
        var there = (await lab.Lab.Scheduler.RunAsync(() => lab.Lab.Fabric.Traffic!.ObserveAsync("dmz", CancellationToken.None))).Table;
        Assert.Equal([3L, 2L], history.Select(t => t.Version));
        Assert.Equal(there, history[0]);

        var another = lab.Another("bert", 200, ownStore: true);
        Assert.All(await another.Host.GetDistributionAsync("dmz", CancellationToken.None), m => Assert.Equal((1024, 3L), (m.SlotCount, m.TableVersion)));
    }

    [Fact]
    public async Task A_table_that_moves_between_look_and_write_is_looked_at_again()
    {
        await using var lab = LabSession.Open();
        var gateways = await lab.MakeGroupAsync("dmz", 4);
        var before = (await lab.Host.GetDistributionAsync("dmz", CancellationToken.None))[0].TableVersion;
        // While the first request is on its way a member is lost, so the table that was looked at is not there any more.
        var lost = false;
        async void LoseOne(Engine.Operations.Running.OperationEvent seen)
        {
            if (seen.StepId != "traffic/rules" || lost) return;
            lost = true;
            await lab.World.DelayAsync(TimeSpan.FromMilliseconds(500), CancellationToken.None);
            lab.World.Incidents.Lose(gateways[3]);
        }

        var handle = await lab.Host.StartAsync(new SetDistributionChange { Group = "dmz", Layer4 = false }, new Engine.Operations.Running.RunOptions { Events = LoseOne });
        var result = await handle.Completion;

        Assert.Equal(OperationState.Succeeded, result.Operation!.State);
        Assert.Equal([1, 2], lab.World.Log.Calls.Where(c => c.Name == "traffic.apply").Select(c => c.Attempt));
        var after = await lab.Host.GetDistributionAsync("dmz", CancellationToken.None);
        Assert.Equal(0, after[3].Slots);
        Assert.Equal(512, after.Sum(m => m.Slots));
        Assert.False(after[0].Layer4);
        Assert.True(after[0].TableVersion > before + 1);
    }

    [Fact]
    public async Task A_site_that_is_too_small_for_the_other_ones_copies_is_told_where_only_copies_are_asked_about()
    {
        await using var lab = LabSession.Open();
        await lab.MakeGroupAsync("dmz", 4);
        var second = (await lab.Host.ObserveAsync(false, CancellationToken.None)).Gateways.First(g => g.SecurityGroup.Length == 0 && g.Site == 2);
        await lab.RunAsync(new AddMembersChange { Group = "dmz", Gateways = [second.Id] });

        var found = await lab.Host.TestAsync(["dmz"], ["StateSync"], CancellationToken.None);

        Assert.Contains(found, f => f.Result == Model.Monitoring.CheckOutcome.Warn && f.Reason.StartsWith("copies of site 1's connections on the other site are off", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Weights_decide_how_many_slots_a_member_carries()
    {
        await using var lab = LabSession.Open();
        await lab.MakeGroupAsync("dmz", 4);
        await lab.RunAsync(new SetMembersChange { Group = "dmz", Members = ["1_1", "1_2", "1_3"], Weight = "100" });
        await lab.RunAsync(new SetMembersChange { Group = "dmz", Members = ["1_4"], Weight = "0" });

        var members = await lab.Host.GetDistributionAsync("dmz", CancellationToken.None);

        Assert.Equal([171, 171, 170, 0], members.Select(m => m.Slots).OrderByDescending(s => s));
        Assert.Equal((0, 0, 0.0), (members[3].Slots, members[3].BackupSlots, members[3].SharePercent));
        Assert.Equal(512, members.Sum(m => m.BackupSlots));
        Assert.All(members.Take(3), m => Assert.True(m is { FlowCount: > 0, BytesPerSecond: > 0, Weight: 100, OutOfStep.Count: 0 }));
    }

    [Fact]
    public async Task A_flow_is_resolved_to_the_member_of_its_slot_whichever_way_it_goes()
    {
        await using var lab = LabSession.Open();
        await lab.MakeGroupAsync("dmz", 4);
        var flow = new Flow(IPAddress.Parse("10.1.2.3"), IPAddress.Parse("192.0.2.80"), Flow.Tcp, 40000, 443);

        var there = await lab.Host.ResolveFlowAsync("dmz", flow, FlowSide.Inside, true, true, CancellationToken.None);
        var back = await lab.Host.ResolveFlowAsync("dmz", flow.Reverse(), FlowSide.Outside, true, true, CancellationToken.None);

        Assert.Equal((there.Member, there.Slot), (back.Member, back.Slot));
        Assert.Equal($"General, layer 4: slot {there.Slot} of 512, table version 1; the answers reach the same member", there.Reason);
        Assert.NotEqual(there.Member, Assert.Single(there.Backup));

        var missing = await Assert.ThrowsAsync<MaestroException>(() => lab.Host.ResolveFlowAsync("dmz", flow, FlowSide.Inside, false, true, CancellationToken.None));
        Assert.Equal(ErrorCatalogue.ParameterInvalid, missing.Code);
        Assert.Contains("-SourcePort", missing.Message);
    }

    [Fact]
    public async Task A_mode_of_two_slots_a_flow_warns_and_resolving_says_where_the_answers_go()
    {
        await using var lab = LabSession.Open();
        await lab.MakeGroupAsync("dmz", 4);

        var result = await lab.RunAsync(new SetDistributionChange { Group = "dmz", Mode = DistributionMode.User, Layer4 = false });

        Assert.Contains(result.Plan.Warnings, w => w.Contains("two members", StringComparison.Ordinal));
        var reasons = new List<string>();
        for (byte i = 1; i < 20; i++) reasons.Add((await lab.Host.ResolveFlowAsync("dmz", new Flow(new IPAddress([10, 0, 0, i]), IPAddress.Parse("192.0.2.80"), Flow.Tcp), FlowSide.Inside, false, false, CancellationToken.None)).Reason);
        Assert.Contains(reasons, r => r.Contains("the answers fall into slot", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_group_of_nobody_has_a_table_that_nobody_carries()
    {
        await using var lab = LabSession.Open();
        await lab.RunAsync(new NewGroupChange { Name = "dmz", Gateways = [] });

        Assert.Empty(await lab.Host.GetDistributionAsync("dmz", CancellationToken.None));
        var placement = await lab.Host.ResolveFlowAsync("dmz", new Flow(IPAddress.Loopback, IPAddress.Loopback, 1), FlowSide.Inside, false, false, CancellationToken.None);
        Assert.Equal("", placement.Member);
        Assert.Contains("nobody carries", placement.Reason);
    }
}

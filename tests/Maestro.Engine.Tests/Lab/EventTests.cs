using Maestro.Engine.Clustering.Membership;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Groups;
using Maestro.Engine.Model.Monitoring;
using Maestro.Engine.Monitoring.Watch;
using Maestro.Engine.Operations.Leases;
using Maestro.Engine.Operations.Running;
using Maestro.Engine.Store;

namespace Maestro.Engine.Tests.Lab;

/// <summary>What happened to groups, as it is read back: what watches said, and the ends of operations.</summary>
public sealed class EventTests
{
    [Fact]
    public async Task Ends_of_operations_are_told_from_the_journal_with_whom_they_worked_on()
    {
        await using var lab = LabSession.Open();
        await lab.MakeGroupAsync("dmz", 4);
        await lab.SyncAsync("dmz", "table inet web { }");
        await lab.RunAsync(new SuspendMembersChange { Group = "dmz", Members = ["1_3"] }, new RunOptions { Message = "disk swap" });
        await lab.RunAsync(new SuspendMembersChange { Group = "dmz", Members = ["1_4"] }, new RunOptions { SkipChecks = ["Capacity"] });

        var all = await lab.Host.GetEventsAsync(new EventFilter { SecurityGroups = ["dmz"] });
        Assert.All(all, e => Assert.Equal((MaestroEventKind.OperationEnded, EventSeverity.Information, "lab"), (e.Kind, e.Severity, e.Session)));
        Assert.Equal(all.OrderByDescending(e => e.Time).Select(e => e.Operation), all.Select(e => e.Operation));
        Assert.Equal(["1_4", "1_3", "", ""], all.Select(e => e.Member));
        Assert.Equal("SuspendGroupMember Succeeded, anna@jump1: disk swap", all[1].Text);
        Assert.Equal("SyncPolicy Succeeded of 1_1, 1_2, 1_3, 1_4, anna@jump1", all[2].Text);
        // Also of who was one of several.
        Assert.Equal([all[1], all[2]], (await lab.Host.GetEventsAsync(new EventFilter { Member = "1_03" })).Where(e => e.Text.StartsWith('S')));
        await lab.RunAsync(new SetMembersChange { Group = "dmz", Members = ["1_1"], Description = "first" });
        // What is staged and applied has no step about a member.
        var described = Assert.Single(await lab.Host.GetEventsAsync(new EventFilter { Newest = 1 }));
        Assert.Equal(("1_1", "SetGroupMember"), (described.Member, described.Text.Split(' ')[0]));
        Assert.Equal(described, (await lab.Host.GetEventsAsync(new EventFilter { Member = "1_1" }))[0]);
        all = [described, .. all];
        Assert.Equal([all[0]], await lab.Host.GetEventsAsync(new EventFilter { Newest = 1 }));
        Assert.Equal([all[0]], await lab.Host.GetEventsAsync(new EventFilter { After = all[0].Time }));
        Assert.Equal(all.Skip(1), await lab.Host.GetEventsAsync(new EventFilter { Before = all[0].Time }));
        Assert.Empty(await lab.Host.GetEventsAsync(new EventFilter { Severities = [EventSeverity.Error] }));
        Assert.Empty(await lab.Host.GetEventsAsync(new EventFilter { Kinds = [MaestroEventKind.MemberLost] }));
        Assert.Empty(await lab.Host.GetEventsAsync(new EventFilter { SecurityGroups = ["nosuch"] }));
    }

    [Fact]
    public async Task What_took_all_back_is_a_warning_and_a_failover_that_its_watch_told_of_is_told_once()
    {
        await using var lab = LabSession.Open();
        var gateways = await lab.MakeGroupAsync("dmz", 3);
        await lab.SyncAsync("dmz", "table inet web { }");
        lab.World.Faults.Add("commit", gateways[1], Engine.Fabrics.Simulation.World.LabFaultKind.Refuse);
        var taken = await lab.SyncAsync("dmz", "table inet other { }");
        Assert.NotNull(taken.Failure);
        var end = (await lab.Host.GetEventsAsync(new EventFilter { Newest = 1 }))[0];
        Assert.Equal((taken.Operation!.Id, EventSeverity.Warning), (end.Operation, end.Severity));

        var lease = await lab.Lab.Scheduler.RunAsync(() => lab.Store.AcquireLeasesAsync(new LeaseRequest { OperationId = "w", Owner = lab.Identity.Self, Resources = [Resource.Events("dmz")] }));
        await lab.Lab.Scheduler.RunAsync(async () =>
        {
            await lab.Store.AppendEventsAsync(lease.Token!, [new StoredEvent { At = end.Time, SecurityGroup = "dmz", Kind = nameof(MaestroEventKind.FailedOver), Severity = nameof(EventSeverity.Warning), Text = "171 slots move", OperationId = end.Operation }]);
            return true;
        });
        var told = Assert.Single(await lab.Host.GetEventsAsync(new EventFilter { SecurityGroups = ["dmz"] }), e => e.Operation == end.Operation);
        Assert.Equal((MaestroEventKind.FailedOver, "171 slots move"), (told.Kind, told.Text));
    }

    [Fact]
    public async Task What_several_watches_of_a_store_see_is_kept_once_and_dates_the_grade()
    {
        await using var lab = LabSession.Open();
        var gateways = await lab.MakeGroupAsync("dmz", 4);
        await lab.SyncAsync("dmz", "table inet web { }");
        await using var second = lab.Another("bert", 200);
        using var end = new CancellationTokenSource();
        var heard = new List<MaestroEvent>();
        Task Watch(LabSession session) => session.Host.WatchAsync(["dmz"], new WatchOptions(), e => { lock (heard) heard.Add(e); }, end.Token);
        Task[] watches = [Watch(lab), Watch(second)];
        await lab.PassAsync(TimeSpan.FromSeconds(30));
        lab.World.Incidents.Lose(gateways[3]);
        await lab.PassAsync(TimeSpan.FromSeconds(120));
        var health = Assert.Single(await lab.Host.GetHealthAsync(["dmz"], CancellationToken.None));
        await lab.Lab.Scheduler.RunAsync(() => { end.Cancel(); return Task.FromResult(true); });
        await Task.WhenAll(watches);

        var kept = await lab.Host.GetEventsAsync(new EventFilter { SecurityGroups = ["dmz"], Kinds = [MaestroEventKind.WatchBegan, MaestroEventKind.MemberStateChanged, MaestroEventKind.MemberLost] });
        var lost = Assert.Single(kept, e => e.Member == "1_4" && e.Text.StartsWith("Lost", StringComparison.Ordinal));
        Assert.Single(kept, e => e.Kind == MaestroEventKind.WatchBegan);
        Assert.Equal(2, heard.Count(e => e.Member == "1_4" && e.Text.StartsWith("Lost", StringComparison.Ordinal)));
        Assert.Equal(HealthGrade.Warn, health.Grade);
        Assert.NotNull(health.Since);
    }
}

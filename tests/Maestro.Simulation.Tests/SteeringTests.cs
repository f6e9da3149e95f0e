using Maestro.Engine.Clustering.Distribution;
using Maestro.Engine.Fabrics;
using Maestro.Engine.Fabrics.Simulation.World;
using Maestro.Engine.Model.Groups;
using Maestro.Engine.Model.Operations;
using Maestro.Engine.Operations.Journal;
using Maestro.Engine.Operations.Leases;
using Maestro.Engine.Operations.Plans;
using Maestro.Simulation.Histories;
using Maestro.Simulation.Invariants;
using Maestro.Simulation.Invariants.Steering;
using Maestro.Simulation.Scenarios;
using Maestro.Simulation.Steering;

namespace Maestro.Simulation.Tests;

/// <summary>The world of groups that controllers steer, and that each of its invariants can fail.</summary>
public sealed class SteeringTests : IDisposable
{
    private const string Group = "g1";

    private readonly History _history = new(new Scenario
    {
        Seed = 4711,
        Length = TimeSpan.FromMinutes(1),
        Shape = new WorldShape { Sites = 1, GroupSizes = [4], Spares = 1, Machines = 1, Controllers = 1, Watches = 0 },
        Entries = [],
    });

    private SteeredWorld World => _history.Steered!;

    private DistributionTable Table => World.Newest(Group)!;

    public void Dispose() => _history.Dispose();

    [Fact]
    public void One_seed_is_one_history_of_a_steered_group_too()
    {
        var scenario = ScenarioMaker.Make(3, TimeSpan.FromMinutes(10), [ClusteringMaker.Focus]);
        Assert.NotNull(scenario.Shape.Watches);
        Assert.Equal(History.Run(scenario).TraceHash, History.Run(scenario).TraceHash);
    }

    [Fact]
    public void All_invariants_hold_in_histories_of_steered_groups()
    {
        var options = new SimulationOptions { First = 5012, Seeds = 12, Hours = 0.25, Focus = [ClusteringMaker.Focus] };
        var run = new SeedRun(options);
        var output = new StringWriter();
        run.Run(
            result =>
            {
                if (!result.Holds) Report.Failure(result, options, output);
            },
            stopAt: 1);
        Assert.True(run.Failures.Count == 0, output.ToString());
        Assert.NotEqual(0, run.Conversations.Began);
    }

    [Fact]
    public void A_scenario_of_a_steered_world_survives_being_written_and_read()
    {
        var scenario = ScenarioMaker.Make(3, TimeSpan.FromMinutes(10), [ClusteringMaker.Focus]);
        Assert.Equal(scenario.Shape.Watches, ScenarioFile.Read(ScenarioFile.Write(new KeptScenario(scenario) { Invariant = "x", Commit = "x" })).Scenario.Shape.Watches);
    }

    [Fact]
    public void A_connection_has_its_copy_after_three_seconds_on_the_backup_of_its_slot_and_on_nobody_else()
    {
        Live(60);
        foreach (var conversation in World.LivingIn(Group).Where(c => World.Now - c.Since > TimeSpan.FromSeconds(5).Ticks))
        {
            var slot = conversation.SlotIn(Table);
            var (owner, backup) = (World.HostOf(Group, Table.Slots.ActiveOf(slot))!, World.HostOf(Group, Table.Slots.BackupOf(slot))!);
            Assert.Equal(Conversation.Bit(owner.Index) | Conversation.Bit(backup.Index), conversation.Known);
        }

        Assert.NotEmpty(World.LivingIn(Group));
    }

    [Fact]
    public void An_orchestrator_that_takes_an_older_table_is_noticed()
    {
        Write(Table with { Slots = Table.Slots.WithVersion(5) });
        Breaks<TablesOnlyGrow>(() => Write(Table with { Slots = Table.Slots.WithVersion(4) }));
    }

    [Fact]
    public void Packets_that_go_to_who_does_not_know_the_connection_are_noticed()
    {
        Live(60);
        var leaver = Table.Slots.Members[0].Id;
        Breaks<MovesBringConnections>(() => Write(Table with { Slots = SlotPlanner.Rebalance(Table.Slots, Table.Slots.Members.Where(m => m.Id != leaver)).Table }));
    }

    [Fact]
    public void A_slot_that_goes_past_the_living_backup_is_noticed()
    {
        Live(60);
        var lost = Table.Slots.Members[0].Id;
        World.PowerOff(World.HostOf(Group, lost)!);
        var promoted = SlotPlanner.Promote(Table.Slots, Table.Slots.Members.Where(m => m.Id != lost)).Table;
        // Of the three that are left neither who keeps the copy nor who shall.
        var active = promoted.Active.Select((a, slot) => Table.Slots.ActiveOf(slot)!.Id == lost ? (short)(3 - a - promoted.Backup[slot]) : a).ToArray();
        Breaks<ProtectedGoOn>(() => Write(Table with { Slots = new SlotTable(promoted.Version, [.. promoted.Members], active, promoted.Backup, promoted.Remote) }));
    }

    [Fact]
    public void The_same_loss_is_none_where_the_backups_take_over()
    {
        Live(60);
        var lost = Table.Slots.Members[0].Id;
        World.PowerOff(World.HostOf(Group, lost)!);
        Write(Table with { Slots = SlotPlanner.Promote(Table.Slots, Table.Slots.Members.Where(m => m.Id != lost)).Table });
        Assert.NotEqual(_history.Invariants.OfType<ProtectedGoOn>().Single().Name, _history.Run().Invariant);
    }

    [Fact]
    public void A_failover_of_a_watch_that_does_not_lead_is_noticed()
    {
        var process = _history.Controllers[0].Process;
        var plan = new Plan { Kind = Failovers.Kind, SecurityGroup = Group, Resources = [Resource.Traffic(Group)] };
        var record = new OperationRecord
        {
            Id = "abcd-efgh",
            Kind = Failovers.Kind,
            SecurityGroup = Group,
            State = OperationState.Running,
            PlanJson = PlanSerializer.ToJson(plan),
            Resources = plan.Resources,
            Owner = process.Self,
            Epoch = 1,
            StartedAt = _history.Now,
        };
        Breaks<OnlyTheLostAreGivenUp>(() => _history.Witness.Began(process, record, new JournalEntry { OperationId = record.Id, At = _history.Now, Kind = JournalEntryKind.OperationStarted }));
    }

    [Fact]
    public void A_member_that_is_called_out_while_it_carries_is_noticed()
    {
        var gateway = _history.World.State.MembersOf(Group).First();
        var call = new LabCall(_history.Now, "suspended", gateway.Id, "", 1, "op", "step", "Done", Changed: true);
        Assert.Throws<InvariantBrokenException>(() => _history.Invariants.OfType<DrainedBeforeOut>().Single().OnCall(call));
    }

    [Fact]
    public void A_pair_that_goes_by_two_tables_in_the_end_is_noticed()
    {
        Live(120);
        Settled().AtEnd();
        Write(World.Orchestrators[0], Table with { Slots = Table.Slots.WithVersion(9) });
        Live(120);
        Assert.Contains("another one by 9", Assert.Throws<InvariantBrokenException>(() => Settled().AtEnd()).Message);
    }

    [Fact]
    public void A_slot_of_the_dead_is_noticed_when_nobody_works_on_it_any_more()
    {
        World.PowerOff(World.HostOf(Group, Table.Slots.Members[1].Id)!);
        Live(120);
        Assert.StartsWith("Liveness of the distribution: slot ", Assert.Throws<InvariantBrokenException>(() => Settled().AtEnd()).Message);
    }

    [Fact]
    public void A_copy_that_is_lacking_is_noticed()
    {
        Live(300);
        var old = World.LivingIn(Group).First(c => World.Now - c.Since > TimeSpan.FromMinutes(2).Ticks && c.UnservedSince is null);
        var keeper = World.HostOf(Group, Table.Slots.BackupOf(old.SlotIn(Table)))!;
        old.Forget(keeper.Index);
        Assert.Contains("does not know it", Assert.Throws<InvariantBrokenException>(() => Settled().AtEnd()).Message);
    }

    private QuietIsOrder Settled() => _history.Invariants.OfType<QuietIsOrder>().Single();

    private void Live(int seconds) => _history.Scheduler.Advance(TimeSpan.FromSeconds(seconds));

    private void Write(DistributionTable table)
    {
        foreach (var orchestrator in World.Orchestrators) Write(orchestrator, table);
    }

    private void Write(SteeredOrchestrator orchestrator, DistributionTable table)
    {
        var call = new FabricCall { OperationId = "op", StepId = "step", Epoch = 1, Lease = new LeaseToken { OperationId = "op", Epoch = 1, Resources = [] }, Deadline = DateTimeOffset.MaxValue };
        Assert.Equal(EffectKind.Done, World.Write(orchestrator, Group, table, SteeredWorld.VersionOf(orchestrator.Tables[Group]), call, _history.Controllers[0].Process).Kind);
    }

    private void Breaks<T>(Action act)
        where T : Invariant
    {
        var name = _history.Invariants.OfType<T>().Single().Name;
        act();
        Assert.Equal(name, _history.Run().Invariant);
    }
}

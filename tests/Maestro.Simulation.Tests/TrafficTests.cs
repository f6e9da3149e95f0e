using Maestro.Engine.Fabrics;
using Maestro.Engine.Fabrics.Simulation.Time;
using Maestro.Engine.Fabrics.Simulation.World;
using Maestro.Engine.Hosting;
using Maestro.Simulation.Histories;
using Maestro.Simulation.Scenarios;
using Maestro.Simulation.Traffic;
using Maestro.Simulation.Worlds;

namespace Maestro.Simulation.Tests;

public sealed class TrafficTests : IDisposable
{
    private const string Group = "g1";

    private readonly DeterministicScheduler _scheduler = new(VirtualTimeProvider.Epoch, ownThread: false);
    private readonly List<TrafficLoss> _losses = [];

    public void Dispose() => _scheduler.Dispose();

    [Fact]
    public void Events_come_in_order_of_their_moment_then_of_their_making()
    {
        var random = new SeededRandom(1);
        var events = new EventHeap();
        var expected = Enumerable.Range(0, 5000).Select(what => (Due: (long)random.Next(500), What: what)).ToList();
        foreach (var (due, what) in expected) events.Add(due, what);
        Assert.Equal(expected.OrderBy(e => e.Due).Select(e => e.What), Enumerable.Range(0, 5000).Select(_ => events.Take()));
        Assert.Equal(long.MaxValue, events.NextDue);
    }

    [Fact]
    public void Lengths_are_bounded_Pareto()
    {
        var demand = new Demand(new SeededRandom(7));
        var seconds = Enumerable.Range(0, 200_000).Select(_ => demand.NextLength() / (double)TimeSpan.TicksPerSecond).ToList();
        Assert.InRange(seconds.Min(), 1.5, 1.51);
        Assert.InRange(seconds.Max(), 600, 4 * 3600);
        // (1.5 / x) ^ 1.1, as long as the bound is far.
        foreach (var x in new[] { 3.0, 15, 150 }) Assert.InRange(seconds.Count(s => s > x) / 200_000.0, Math.Pow(1.5 / x, 1.1) * 0.93, Math.Pow(1.5 / x, 1.1) * 1.07);
    }

    [Fact]
    public void More_come_by_day_than_by_night_and_the_more_the_larger_the_group()
    {
        Assert.InRange(PerHour(2, hours: 24) / (8.6 * 3600 * 0.99), 0.97, 1.03);
        Assert.InRange(PerHour(52, hours: 24) / (11.1 * 3600 * 0.99), 0.97, 1.03);
        var byHour = new int[24];
        var demand = new Demand(new SeededRandom(3));
        for (var at = demand.NextArrival(0, 2); at < TimeSpan.FromDays(1).Ticks; at = demand.NextArrival(at, 2)) byHour[at / TimeSpan.TicksPerHour]++;
        Assert.True(byHour.Max() > 1.3 * byHour.Min());
    }

    [Fact]
    public void A_stronger_appliance_takes_more()
    {
        var (traffic, world) = Make(members: 2);
        (world.State.Gateways[0].Cores, world.State.Gateways[1].Cores) = (8, 24);
        traffic.Observe("", applied: null);
        Live(TimeSpan.FromMinutes(10));
        var living = traffic.LivingOn(0) + traffic.LivingOn(1);
        Assert.InRange(traffic.LivingOn(1) / (double)living, 0.6, 0.9);
    }

    [Fact]
    public void A_crash_loses_the_young_and_carries_over_the_copied()
    {
        var (traffic, world) = Make(members: 4);
        Live(TimeSpan.FromMinutes(5));
        var before = traffic.LivingOn(0);
        world.Incidents.Crash(world.State.Gateways[0].Id);
        traffic.Observe("", applied: null);
        Assert.Equal(0, traffic.LivingOn(0));
        Assert.True(traffic.Counts.Carried[(int)OutBy.Fault] > 0 && traffic.Counts.LostYoung[(int)OutBy.Fault] > 0);
        Assert.Equal(before, traffic.Counts.Carried[(int)OutBy.Fault] + traffic.Counts.LostYoung[(int)OutBy.Fault]);
        Assert.Equal(0, traffic.Counts.LostSynced.Sum());
    }

    [Fact]
    public void Two_that_go_out_in_one_moment_take_the_copies_along()
    {
        var (traffic, world) = Make(members: 2);
        Live(TimeSpan.FromMinutes(5));
        foreach (var gateway in world.State.Gateways.Take(2)) world.Incidents.Lose(gateway.Id);
        traffic.Observe("", applied: null);
        Assert.True(traffic.Counts.LostSynced[(int)OutBy.Fault] > 0);
        Assert.All(_losses, l => Assert.False(l.AnyLeft));
    }

    [Fact]
    public void Copies_are_placed_anew_so_that_one_after_the_other_may_go()
    {
        var (traffic, world) = Make(members: 6);
        Live(TimeSpan.FromMinutes(5));
        foreach (var gateway in world.State.Gateways.Take(5))
        {
            world.Incidents.Lose(gateway.Id);
            traffic.Observe("", applied: null);
            Live(Connections.Replacing + TimeSpan.FromMilliseconds(1));
        }

        Assert.Equal(0, traffic.Counts.LostSynced.Sum());
        Assert.True(traffic.Counts.Carried[(int)OutBy.Fault] > 0);
    }

    [Fact]
    public void A_drain_that_ran_its_time_loses_nothing()
    {
        var (traffic, world) = Make(members: 4);
        Live(TimeSpan.FromMinutes(5));
        var gateway = world.State.Gateways[0];
        world.Life.Suspend(gateway, DrainMode.Move, "maestro", "");
        traffic.Observe(gateway.Id, applied: null);
        while (gateway.Transitions.Count > 0)
        {
            Live(TimeSpan.FromMilliseconds(100));
            world.Life.Settle();
            traffic.Observe("", applied: null);
        }

        Assert.Equal((0, 0L), (traffic.LivingOn(0), traffic.Counts.Lost));
        Assert.True(traffic.Counts.Carried[(int)OutBy.OurHand] > 0);
    }

    [Fact]
    public void Two_that_our_hand_restarts_undrained_in_one_moment_break_the_promise()
    {
        var (traffic, world) = Make(members: 4);
        Live(TimeSpan.FromMinutes(10));
        foreach (var gateway in world.State.Gateways.Take(3))
        {
            world.Life.Boot(gateway);
            traffic.Observe(gateway.Id, applied: null);
        }

        Assert.True(traffic.Counts.LostSynced[(int)OutBy.OurHand] > 0);
        Assert.Contains("I7", Judge(_losses.First(l => l.Synced > 0)), StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_fault_took_part_in_and_what_was_young_and_not_drained_breaks_no_promise()
    {
        var loss = new TrafficLoss(Group, "a", OutBy.OurHand, Synced: 1, Young: 0, WasDrained: true, AnyLeft: true, TimeSpan.FromMinutes(1));
        Assert.Contains("I7", Judge(loss), StringComparison.Ordinal);
        Assert.Contains("I7", Judge(loss with { Synced = 0, Young = 1 }), StringComparison.Ordinal);
        Assert.Empty(Judge(loss with { Synced = 0, Young = 1, WasDrained = false }));
        Assert.Empty(Judge(loss with { By = OutBy.Fault }));
        Assert.Empty(Judge(loss with { By = OutBy.OtherHand }));
        Assert.Empty(Judge(loss with { AnyLeft = false }));
        Assert.Empty(Judge(loss with { Since = TimeSpan.FromSeconds(1) }));
    }

    [Fact]
    public void What_happens_beside_the_timers_makes_no_work_go_on()
    {
        Make(members: 2);
        _scheduler.RunAsync(() => new TaskCompletionSource<bool>().Task);
        Assert.True(_scheduler.RunOne());
        Assert.False(_scheduler.RunOne());
    }

    [Fact]
    public void No_gateway_changes_unless_the_version_of_its_world_does()
    {
        for (var seed = 1; seed <= 3; seed++)
        {
            using var history = new History(ScenarioMaker.Make(seed, TimeSpan.FromMinutes(10)));
            var (version, facts) = (-1L, 0);
            history.OnEvent = () =>
            {
                var now = Facts(history.World.State);
                if (version == history.World.Version && facts != now) Assert.Fail($"seed {seed}: the world changed at {history.Now:T}, and kept its version");
                (version, facts) = (history.World.Version, now);
            };
            Assert.True(history.Run().Holds);
        }
    }

    [Theory]
    [InlineData("2")]
    [InlineData("52")]
    public void A_history_of_one_group_has_seventy_thousand_events_an_hour(string members)
    {
        var shape = new WorldShape { Sites = 1, GroupSizes = [int.Parse(members, System.Globalization.CultureInfo.InvariantCulture)], Spares = 1, Machines = 1, Controllers = 1 };
        for (var seed = 1; seed <= 8; seed++)
        {
            var result = History.Run(new Scenario { Seed = seed, Length = TimeSpan.FromMinutes(30), Shape = shape, Entries = [] });
            Assert.True(result.Events / result.VirtualTime.TotalHours > 70_000, $"seed {seed}: {result.Events} events in {result.VirtualTime}");
        }
    }

    private static int Facts(LabState world)
    {
        var facts = default(HashCode);
        facts.Add(world.Pending.Count);
        foreach (var gateway in world.Gateways)
        {
            facts.Add(gateway.Group);
            facts.Add(gateway.State);
            facts.Add(gateway.UnreachableSince);
            facts.Add(gateway.Epoch);
            facts.Add(gateway.Holder);
            facts.Add(gateway.Weight);
        }

        return facts.ToHashCode();
    }

    private static string Judge(TrafficLoss loss)
    {
        var shape = new WorldShape { Sites = 1, GroupSizes = [2], Spares = 0, Machines = 1, Controllers = 1 };
        using var history = new History(new Scenario { Seed = 1, Length = TimeSpan.FromSeconds(1), Shape = shape, Entries = [] });
        history.Tell(i => i.OnLoss(loss));
        return history.Run().Invariant;
    }

    private static double PerHour(int members, int hours)
    {
        var demand = new Demand(new SeededRandom(5));
        var count = 0;
        for (var at = demand.NextArrival(0, members); at < TimeSpan.FromHours(hours).Ticks; at = demand.NextArrival(at, members)) count++;
        return count / (double)hours;
    }

    private (Connections Traffic, LabWorld World) Make(int members)
    {
        var shape = new WorldShape { Sites = 1, GroupSizes = [members], Spares = 0, Machines = 1, Controllers = 1 };
        var world = new LabWorld(WorldBuilder.Build(1, shape), _scheduler.Clock);
        Assert.All(world.State.Gateways, g => Assert.Equal(Group, g.Group));
        var traffic = new Connections(world.State, _scheduler.Clock, new SeededRandom(9), _ => { }, _losses.Add);
        _scheduler.Beside = traffic;
        return (traffic, world);
    }

    private void Live(TimeSpan time) => _scheduler.Advance(time);
}

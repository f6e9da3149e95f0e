using System.Globalization;
using Maestro.Engine.Clustering.Detection;
using Maestro.Engine.Clustering.Distribution;
using Maestro.Engine.Model.Distribution;
using Maestro.Engine.Model.Groups;
using Maestro.Engine.Model.Monitoring;
using Maestro.Engine.Monitoring.Watch;
using Maestro.Engine.Tests.Fabrics.Linux.Distribution;
using Maestro.Testbeds;
using Maestro.Testbeds.Traffic;
using Xunit.Abstractions;
using static Maestro.Engine.Tests.Fabrics.Linux.OnHosts;

namespace Maestro.Engine.Tests.Fabrics.Linux.Watch;

/// <summary>A watch that moves the traffic of members that lose their power, through members that drop whatever belongs to no connection that they know.</summary>
public sealed class LinuxWatchTests(ITestOutputHelper output)
{
    private static readonly bool Endurance = Environment.GetEnvironmentVariable("MAESTRO_ENDURANCE") == "1";
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [TestbedFact]
    public async Task A_member_that_loses_its_power_is_noticed_its_traffic_moved_and_given_back_when_it_is_there_again()
    {
        await using var steered = await SteeredBed.StartStrictAsync(stateSync: true);
        await using var watch = Watching.Begin(steered);
        await watch.UntilAsync(MaestroEventKind.Sees);
        IReadOnlyList<TestbedFlow> flows = SteeredBed.MixedFlows(Endurance ? 500 : 50);
        await using var connections = await steered.Bed.StartConnectionsAsync(flows, Pace);
        // What is copied is three seconds old at least.
        await Task.Delay(TimeSpan.FromSeconds(6));

        var off = DateTimeOffset.UtcNow;
        await steered.Bed.PowerOffAsync(steered.Bed.Gateways[0]);
        var lost = await watch.UntilAsync(MaestroEventKind.MemberLost);
        var moved = await watch.UntilAsync(MaestroEventKind.FailedOver);
        Assert.Equal("1_1", lost.Member);
        Assert.DoesNotContain("1_1", await CarryingAsync(steered));

        await steered.Bed.PowerOnAsync(steered.Bed.Gateways[0]);
        Assert.Equal("1_1", (await watch.UntilAsync(MaestroEventKind.MemberBack)).Member);
        await UntilAsync(async () => (await CarryingAsync(steered)).Contains("1_1"));
        var results = await connections.StopAsync(Patience);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"lost after {(lost.Time - off).TotalMilliseconds:0} ms, all told after {(moved.Time - off).TotalMilliseconds:0} ms, worst gap {results.Max(r => r.WorstGap).TotalMilliseconds:0} ms; {moved.Text}"));
        Assert.All(results, r => Assert.True(r.Lives, r.ToString()));
        Assert.Single(watch.Events, e => e.Kind == MaestroEventKind.MemberLost);

        await UntilAsync(async () => (await KeptAsync(steered.Session.Host)).Any(e => e.Kind == MaestroEventKind.MemberBack));
        var kept = await KeptAsync(steered.Session.Host);
        Assert.Equal((lost.Time, lost.Text), Assert.Single(kept, e => e.Kind == MaestroEventKind.MemberLost) is var once ? (once.Time, once.Text) : default);
        // The failover's own operation is told by the watch, and not a second time from the journal.
        Assert.Equal(MaestroEventKind.FailedOver, Assert.Single(kept, e => e.Operation == moved.Operation).Kind);
    }

    [TestbedFact]
    public async Task A_watch_that_is_killed_is_followed_by_the_next_one()
    {
        await using var steered = await SteeredBed.StartAsync(orchestrators: 1);
        using var first = WatchProcess.Start(steered);
        await first.UntilAsync("LeadTaken");
        using var second = WatchProcess.Start(steered);
        await second.UntilAsync("LeadHeld");
        foreach (var watch in (WatchProcess[])[first, second]) await watch.UntilAsync("Sees");

        await first.Process.KillAsync();
        var off = DateTimeOffset.UtcNow;
        await steered.Bed.PowerOffAsync(steered.Bed.Gateways[1]);

        var moved = await second.UntilAsync("FailedOver");
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"moved {(moved - off).TotalMilliseconds:0} ms after the power went, right after the watch that led was killed"));
        // Far above what it takes, far below the half minute of a lease that nobody lets go of.
        Assert.True(moved - off < TimeSpan.FromSeconds(15), $"{moved - off}");
        Assert.Equal(["1_1", "1_3"], await CarryingAsync(steered));

        // What the second saw while nobody kept it is there, and what the first had kept is not there twice.
        await using var reader = second.Read(steered);
        await UntilAsync(async () => (await KeptAsync(reader)).Any(e => e.Kind == MaestroEventKind.FailedOver));
        var kept = await KeptAsync(reader);
        Assert.Equal("1_2", Assert.Single(kept, e => e.Kind == MaestroEventKind.MemberLost).Member);
        Assert.Equal(2, kept.Count(e => e.Kind == MaestroEventKind.LeadTaken));
        Assert.Equal(kept.Count, kept.Select(e => (e.Time, e.Kind, e.Member)).Distinct().Count());
    }

    [TestbedFact]
    public async Task A_watch_that_stands_still_for_ten_seconds_gives_nobody_up_and_sees_again()
    {
        await using var steered = await SteeredBed.StartAsync(orchestrators: 1);
        using var watch = WatchProcess.Start(steered);
        await watch.UntilAsync("Sees");

        watch.Signal("STOP");
        await Task.Delay(TimeSpan.FromSeconds(10));
        watch.Signal("CONT");
        await watch.UntilAsync("Blind");
        await watch.UntilAsync("Sees", count: 2);

        Assert.DoesNotContain(watch.Said, s => s.Kind is "MemberLost" or "FailedOver" or "FailoverWithheld");
        // And it is not deaf since.
        await steered.Bed.PowerOffAsync(steered.Bed.Gateways[2]);
        await watch.UntilAsync("FailedOver");
        Assert.Equal(["1_1", "1_2"], await CarryingAsync(steered));
    }

    [TestbedFact]
    public async Task A_watch_without_the_right_to_act_says_who_is_lost_and_moves_nothing()
    {
        await using var steered = await SteeredBed.StartAsync(orchestrators: 1);
        await using var watch = Watching.Begin(steered, autoFailover: false);
        await watch.UntilAsync(MaestroEventKind.Sees);
        var before = (await steered.ObserveAsync()).Table;

        await steered.Bed.PowerOffAsync(steered.Bed.Gateways[0]);
        await watch.UntilAsync(MaestroEventKind.MemberLost);
        await Task.Delay(TimeSpan.FromSeconds(2));

        Assert.Equal(before, (await steered.ObserveAsync()).Table);
        Assert.DoesNotContain(watch.Events, e => e.Kind is MaestroEventKind.FailedOver or MaestroEventKind.LeadTaken);
    }

    /// <summary>One that never heard a member over the devices that traffic takes says nothing of it by its silence.</summary>
    [TestbedFact]
    public async Task A_member_that_answers_no_echo_is_named_and_is_not_lost_for_it()
    {
        await using var steered = await SteeredBed.StartAsync(orchestrators: 1);
        await steered.Bed.NftLoadAsync(steered.Bed.Gateways[1], "table inet mute {\n chain input {\n type filter hook input priority 0; policy accept;\n icmp type echo-request drop\n icmpv6 type echo-request drop\n }\n}\n");
        await using var watch = Watching.Begin(steered);
        var unheard = await watch.UntilAsync(MaestroEventKind.MemberUnheard);
        Assert.Equal("1_2", unheard.Member);
        await Task.Delay(TimeSpan.FromSeconds(5));
        Assert.DoesNotContain(watch.Events, e => e.Kind == MaestroEventKind.MemberLost);
        Assert.Equal(["1_1", "1_2", "1_3"], await CarryingAsync(steered));
    }

    private static Task<IReadOnlyList<MaestroEvent>> KeptAsync(Engine.Hosting.EngineHost host) => host.GetEventsAsync(new EventFilter { SecurityGroups = ["dmz"] });

    private static async Task<IReadOnlyList<string>> CarryingAsync(SteeredBed steered) => [.. (await steered.ObserveAsync()).Table.Slots.Members.Select(m => m.Id.ToString())];
}

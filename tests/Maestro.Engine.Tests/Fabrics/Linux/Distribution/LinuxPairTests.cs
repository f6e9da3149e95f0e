using System.Globalization;
using Maestro.Engine.Clustering.Distribution;
using Maestro.Engine.Clustering.Failover;
using Maestro.Engine.Clustering.Membership;
using Maestro.Engine.Model.Distribution;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Monitoring;
using Maestro.Engine.Tests.Fabrics.Linux.Watch;
using Maestro.Testbeds;
using Xunit.Abstractions;
using static Maestro.Engine.Tests.Fabrics.Linux.OnHosts;

namespace Maestro.Engine.Tests.Fabrics.Linux.Distribution;

/// <summary>
/// Two orchestrators that share the addresses which clients, servers and members send to: one has them at a time, and steers by the group's table, or nobody does.
/// </summary>
public sealed class LinuxPairTests(ITestOutputHelper output)
{
    private static readonly bool Endurance = Environment.GetEnvironmentVariable("MAESTRO_ENDURANCE") == "1";
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>Far above what it takes, far below what TCP gives up after.</summary>
    private static readonly TimeSpan WorstGap = TimeSpan.FromSeconds(15);

    [KeepalivedFact]
    public async Task Connections_go_on_when_the_orchestrator_that_has_the_addresses_loses_its_power()
    {
        await using var steered = await SteeredBed.StartStrictAsync(orchestrators: 2, shared: true);
        var gaps = new List<double>();
        await UntilOneHasTheAddressesAsync(steered);
        for (var run = 0; run < (Endurance ? 10 : 3); run++)
        {
            var active = await UntilOneHasTheAddressesAsync(steered);
            await using var connections = await steered.Bed.StartConnectionsAsync(Flows(), Pace);
            await Task.Delay(Pace * 10);
            var before = connections.Results.Max(r => r.WorstGap);

            await steered.Bed.PowerOffAsync(active);

            Assert.NotEqual(active, await UntilOneHasTheAddressesAsync(steered));
            await Task.Delay(TimeSpan.FromSeconds(2));
            // It comes back, and what it has it leaves to the other.
            await steered.Bed.PowerOnAsync(active);
            await UntilAsync(async () => (await steered.ObserveAsync()).OutOfStep.Count == 0);
            await Task.Delay(TimeSpan.FromSeconds(5));
            Assert.NotEqual(active, await UntilOneHasTheAddressesAsync(steered));
            var results = await connections.StopAsync(Patience);
            gaps.Add(results.Max(r => r.WorstGap).TotalMilliseconds);
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{active} off: worst gap {gaps[^1]:0} ms, before {before.TotalMilliseconds:0} ms, of which the machine kept an end from looking for {connections.LongestStall.TotalMilliseconds:0} ms at most"));
            Assert.All(results, r => Assert.True(r.Lives, r.ToString()));
            Assert.True(results.Max(r => r.WorstGap) < WorstGap);
        }

        gaps.Sort();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"worst gaps of {gaps.Count} runs: median {gaps[gaps.Count / 2]:0} ms, longest {gaps[^1]:0} ms"));
    }

    /// <summary>The other orchestrator steers on, and alone it moves what the member carried. What comes back later has an older table, and the watch brings it in step.</summary>
    [KeepalivedFact]
    public async Task A_member_and_the_orchestrator_that_lose_their_power_at_once_are_made_up_for_and_come_back()
    {
        await using var steered = await SteeredBed.StartStrictAsync(orchestrators: 2, shared: true, stateSync: true);
        await using var watch = Watching.Begin(steered);
        await watch.UntilAsync(MaestroEventKind.Sees);
        var active = await UntilOneHasTheAddressesAsync(steered);
        await using var connections = await steered.Bed.StartConnectionsAsync(Flows(), Pace);
        // What is copied is three seconds old at least.
        await Task.Delay(TimeSpan.FromSeconds(8));
        var before = (await steered.ObserveAsync()).Table;

        var off = DateTimeOffset.UtcNow;
        await steered.Bed.PowerOffAsync(active, steered.Bed.Gateways[0]);

        var moved = await watch.UntilAsync(MaestroEventKind.FailedOver);
        Assert.NotEqual(active, await UntilOneHasTheAddressesAsync(steered));
        Assert.Contains(active.Id, (await watch.UntilAsync(MaestroEventKind.OrchestratorLost)).Text);
        await Task.Delay(TimeSpan.FromSeconds(3));
        var worst = connections.Results.Max(r => r.WorstGap);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"both off: traffic of the member moved after {(moved.Time - off).TotalMilliseconds:0} ms, worst gap {worst.TotalMilliseconds:0} ms, of which the machine kept an end from looking for {connections.LongestStall.TotalMilliseconds:0} ms at most"));

        await steered.Bed.PowerOnAsync(active);
        await watch.UntilAsync(MaestroEventKind.OrchestratorBack);
        // It came with the table that it had, and leaves the addresses to the other one meanwhile.
        await UntilAsync(async () => (await steered.ObserveAsync()).OutOfStep.Count == 0);
        var after = await steered.ObserveAsync();
        Assert.True(after.Table.Version > before.Version);
        Assert.Equal([false, true], after.Orchestrators.OrderBy(o => o.Orchestrator != active.Id).Select(o => o.HasAddresses));
        Assert.Contains(watch.Events, e => e.Kind == MaestroEventKind.OrchestratorOutOfStep && e.Text.StartsWith(active.Id, StringComparison.Ordinal));
        Assert.DoesNotContain(watch.Events, e => e.Kind == MaestroEventKind.AddressesMoved && e.Text.StartsWith(active.Id, StringComparison.Ordinal));
        var results = await connections.StopAsync(Patience);
        Assert.All(results, r => Assert.True(r.Lives, r.ToString()));
        Assert.True(results.Max(r => r.WorstGap) < WorstGap);
    }

    [KeepalivedFact]
    public async Task Who_does_not_steer_by_the_table_has_no_addresses_and_who_does_can_be_told_to_take_them()
    {
        await using var steered = await SteeredBed.StartStrictAsync(orchestrators: 2, shared: true);
        var active = await UntilOneHasTheAddressesAsync(steered);
        await using var connections = await steered.Bed.StartConnectionsAsync(Flows(), Pace);

        // Told to, it gives them to the other one.
        var planned = await steered.Session.RunAsync(new OrchestratorFailoverChange { Group = "dmz", Orchestrator = active.Id });
        Assert.True(planned.Failure is null, planned.Failure?.Message);
        var other = await UntilOneHasTheAddressesAsync(steered);
        Assert.NotEqual(active, other);
        await Task.Delay(Pace * 10);
        var results = await connections.StopAsync(Patience);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"told to: worst gap {results.Max(r => r.WorstGap).TotalMilliseconds:0} ms, of which the machine kept an end from looking for {connections.LongestStall.TotalMilliseconds:0} ms at most"));
        Assert.All(results, r => Assert.True(r.Lives, r.ToString()));

        // Without its table it gives them up by itself, and is not ready to get them.
        await steered.LoseTableAsync(other);
        await UntilAsync(async () => await UntilOneHasTheAddressesAsync(steered) == active);
        Assert.Equal([$"{other.Id} has no table"], (await steered.ObserveAsync()).OutOfStep);
        var refused = await Assert.ThrowsAsync<MaestroException>(() => steered.Session.RunAsync(new OrchestratorFailoverChange { Group = "dmz", Orchestrator = active.Id }));
        Assert.Equal(ErrorCatalogue.OrchestratorNotReady, refused.Code);

        // What somebody changed by hand is noticed as well.
        await steered.SetAsync(DistributionMode.General);
        Assert.Empty((await steered.ObserveAsync()).OutOfStep);
        await steered.Bed.RunInsideAsync(active, "ip rule del priority 20000");
        await UntilAsync(async () => await UntilOneHasTheAddressesAsync(steered) == other);
        await steered.SetAsync(DistributionMode.General);
        Assert.Empty((await steered.ObserveAsync()).OutOfStep);
    }

    [KeepalivedFact]
    public async Task Keepalived_is_told_in_a_file_of_our_own_and_loses_it_with_the_last_group()
    {
        await using var steered = await SteeredBed.StartAsync(shared: true);
        var (first, second) = (steered.Bed.Orchestrators[0], steered.Bed.Orchestrators[1]);
        await UntilOneHasTheAddressesAsync(steered);

        // Somebody's own configuration is not written over, and one that includes ours stays as it is.
        await steered.Bed.InsideAsync(first, "rm /etc/keepalived/maestro.conf && echo 'global_defs { }' >/etc/keepalived/keepalived.conf");
        var foreign = (await steered.Session.RunAsync(new SetDistributionChange { Group = "dmz", Mode = DistributionMode.AutoTopology })).Failure;
        Assert.Equal(ErrorCatalogue.RedundancyForeign, foreign?.Code);
        await steered.Bed.InsideAsync(first, "echo 'include /etc/keepalived/maestro.conf' >>/etc/keepalived/keepalived.conf");
        await steered.SetAsync(DistributionMode.AutoTopology);
        Assert.Equal("global_defs { }\ninclude /etc/keepalived/maestro.conf\n", await steered.Bed.InsideAsync(first, "cat /etc/keepalived/keepalived.conf"));
        Assert.Empty((await steered.ObserveAsync()).OutOfStep);

        // Keepalived that ended is started again, and one that is not there is said.
        await steered.Bed.InsideAsync(second, "kill $(cat /run/keepalived.pid)");
        await UntilAsync(async () => (await steered.ObserveAsync()).OutOfStep.SequenceEqual([$"{second.Id} has no keepalived that runs"]));
        await steered.SetAsync(DistributionMode.AutoTopology);
        Assert.Empty((await steered.ObserveAsync()).OutOfStep);
        await steered.Bed.InsideAsync(second, "kill $(cat /run/keepalived.pid); mount --bind /dev/null /usr/sbin/keepalived");
        await steered.SetAsync(DistributionMode.General);
        Assert.Contains(await steered.Session.Host.TestAsync(["dmz"], ["Distribution"], CancellationToken.None), c => c.Result == CheckOutcome.Warn && c.Reason.StartsWith($"{second.Id}: keepalived is missing", StringComparison.Ordinal));
        await steered.Bed.InsideAsync(second, "umount /usr/sbin/keepalived");
        await steered.SetAsync(DistributionMode.AutoTopology);

        Assert.Null((await steered.Session.RunAsync(new RemoveGroupChange { Group = "dmz" })).Failure);
        Assert.Equal("keepalived.conf\n", await steered.Bed.InsideAsync(first, "ls /etc/keepalived | grep -v sample"));
        Assert.Equal("\n", await steered.Bed.InsideAsync(second, "ls /etc/keepalived | grep -v sample; cat /run/keepalived.pid 2>/dev/null; echo"));
        await UntilAsync(async () => await SharedAsync(steered, first) == 0 && await SharedAsync(steered, second) == 0);
    }

    [KeepalivedFact(systemd: true)]
    public async Task Where_systemd_runs_it_starts_keepalived_and_a_host_that_returns_leaves_the_addresses_to_the_other()
    {
        await using var steered = await SteeredBed.StartAsync(gateways: 2, systemd: true, shared: true);
        var active = await UntilOneHasTheAddressesAsync(steered);
        Assert.Equal("active\n", await steered.Bed.InsideAsync(active, "systemctl is-active keepalived.service"));

        await steered.Bed.PowerOffAsync(active);
        Assert.NotEqual(active, await UntilOneHasTheAddressesAsync(steered));
        await steered.Bed.PowerOnAsync(active);

        await UntilAsync(async () => (await steered.ObserveAsync()).OutOfStep.Count == 0);
        await Task.Delay(TimeSpan.FromSeconds(5));
        Assert.NotEqual(active, await UntilOneHasTheAddressesAsync(steered));
        Assert.Null((await steered.Session.RunAsync(new RemoveGroupChange { Group = "dmz" })).Failure);
        Assert.Equal("inactive\n", (await steered.Bed.RunInsideAsync(active, "systemctl is-active keepalived.service")).Output);
    }

    private static IReadOnlyList<TestbedFlow> Flows() => SteeredBed.MixedFlows(Endurance ? 200 : 50);

    /// <summary>The one that has all of the addresses, when the other has none.</summary>
    private static async Task<TestbedHost> UntilOneHasTheAddressesAsync(SteeredBed steered)
    {
        TestbedHost? found = null;
        await UntilAsync(async () =>
        {
            var counts = new List<(TestbedHost Host, int Count)>();
            foreach (var orchestrator in steered.Bed.Orchestrators.Where(o => o.IsOn)) counts.Add((orchestrator, await SharedAsync(steered, orchestrator)));
            var having = counts.Where(c => c.Count > 0).ToList();
            found = having is [{ Count: 8 }] ? having[0].Host : null;
            return found is not null;
        });
        return found!;
    }

    private static async Task<int> SharedAsync(SteeredBed steered, TestbedHost orchestrator) =>
        (await steered.Bed.RunInsideAsync(orchestrator, "ip -o address show")).Output.Split('\n').Count(l => l.Contains(".3.9/", StringComparison.Ordinal) || l.Contains(":3:9/", StringComparison.Ordinal));
}

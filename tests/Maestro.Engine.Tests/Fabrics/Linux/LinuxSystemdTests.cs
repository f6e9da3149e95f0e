using System.Globalization;
using Maestro.Engine.Clustering.Membership;
using Maestro.Engine.Model.Groups;
using Maestro.Engine.Model.Operations;
using Maestro.Engine.Operations.Running;
using Maestro.Engine.Synchronisation.Policy;
using Maestro.Testbeds;
using static Maestro.Engine.Tests.Fabrics.Linux.OnHosts;
using Xunit.Abstractions;

namespace Maestro.Engine.Tests.Fabrics.Linux;

/// <summary>Members whose process 1 is a real systemd: who waits for the deadline there, and who loads the policy at a restart.</summary>
public sealed class LinuxSystemdTests(ITestOutputHelper output)
{
    private const int RevertSeconds = 8;

    private const string Timers = "systemctl show --property=Id,ActiveState,SubState,AccuracyUSec,TimersMonotonic,TimersCalendar 'maestro-revert-*.timer'";
    private const string Units = "systemctl list-units --all --plain --no-legend 'maestro-revert-*'";

    [SystemdFact]
    public async Task The_deadline_is_a_transient_unit_that_systemd_waits_with_and_a_confirmed_sync_leaves_none_behind()
    {
        await using var bed = await StartAsync();
        var gateway = bed.Gateways[1];
        string committed = "", extended = "", processes = "";
        await using (var session = LinuxSession.Open(bed, account: TestbedAccount.Sudo, between: inner => new Just("confirm", gateway.Id, async () => extended = await bed.InsideAsync(gateway, Timers)).Around(
            new Just("check", gateway.Id, async () =>
            {
                committed = await bed.InsideAsync(gateway, Timers);
                processes = await bed.InsideAsync(gateway, "grep -ls 'maestro/[t]imer.sh' /proc/[0-9]*/cmdline | wc -l");
            }).Around(inner))))
        {
            var sync = await session.SyncAsync(LinuxSession.Forbidding(82));
            Assert.True(sync.Failure is null, sync.Failure?.Message);
        }

        Assert.Contains("Id=maestro-revert-maestro-", committed, StringComparison.Ordinal);
        foreach (var said in new[] { "OnActiveUSec=2min ;", "OnCalendar=", "AccuracyUSec=100ms", "ActiveState=active", "SubState=waiting" }) Assert.Contains(said, committed, StringComparison.Ordinal);
        Assert.Contains("OnActiveUSec=10min ;", extended, StringComparison.Ordinal);
        Assert.Equal("0\n", processes);
        foreach (var member in bed.Gateways)
        {
            Assert.Equal("", await bed.InsideAsync(member, Units));
            Assert.Contains("tcp dport 82 drop", await bed.NftListAsync(member), StringComparison.Ordinal);
        }
    }

    [SystemdFact]
    public Task A_sync_that_nobody_confirms_is_taken_back_in_time_when_the_controller_is_killed() => TakenBackAsync((_, _) => Task.CompletedTask);

    [SystemdFact]
    public Task It_is_also_when_sshd_dies_with_all_its_sessions_and_systemd_reads_its_units_again() => TakenBackAsync(async (bed, gateway) =>
    {
        await bed.InsideAsync(gateway, "systemctl kill --kill-who=all --signal=KILL ssh.service; systemctl stop ssh.service");
        Assert.NotEqual(0, (await bed.RunSshAsync(gateway, "true")).ExitCode);
        // From when on it counts anew: late enough for that to be too late.
        await bed.InsideAsync(gateway, "sleep 6; systemctl daemon-reload");
    });

    [SystemdFact]
    public async Task Timers_that_are_armed_in_the_same_second_do_not_collide_and_take_back_once()
    {
        await using var bed = await StartAsync();
        // Deadlines are counted in whole seconds of this; where it stands still all are the same.
        foreach (var gateway in bed.Gateways) await bed.InsideAsync(gateway, "cat /proc/uptime >/run/uptime && mount --bind /run/uptime /proc/uptime");
        await using var session = LinuxSession.Open(bed, between: inner => new Repeated(inner, "commit", 3));
        var held = await session.RunAsync(new SyncPolicyChange { Group = "dmz", Document = session.Document(LinuxSession.Forbidding(82)), RevertAfter = TimeSpan.FromSeconds(30), HoldForConfirmation = true });
        foreach (var gateway in bed.Gateways) await bed.InsideAsync(gateway, "umount /proc/uptime");
        Assert.Equal(OperationState.Held, held.Operation!.State);
        var deadlines = (await bed.InsideAsync(bed.Gateways[0], "cd /run/systemd/transient && ls -d maestro-revert-*.timer")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(u => u.Split('-')[3]).ToList();
        Assert.Equal(3, deadlines.Count);
        Assert.Single(deadlines.Distinct());

        foreach (var gateway in bed.Gateways) await UntilAsync(async () => (await bed.NftListAsync(gateway)).Contains("tcp dport 81 drop", StringComparison.Ordinal));
        var late = await (await session.Host.ResumeAsync(held.Operation.Id, new RunOptions())).Completion;

        Assert.Equal(OperationState.RolledBack, late.Operation!.State);
        foreach (var gateway in bed.Gateways)
        {
            await UntilAsync(async () => await bed.InsideAsync(gateway, Units) == "");
            Assert.Equal("", await bed.InsideAsync(gateway, "systemctl --failed --plain --no-legend"));
        }
    }

    [SystemdFact]
    public async Task A_host_that_restarts_between_commit_and_confirm_comes_up_on_the_old_generation_before_any_network_and_is_held()
    {
        await using var bed = await StartAsync();
        // Time enough to get there on a busy machine.
        await KilledController.BeforeAsync(bed, "confirm", revertSeconds: 60);
        var gateway = bed.Gateways[1];
        Assert.Contains("tcp dport 82 drop", await bed.NftListAsync(gateway), StringComparison.Ordinal);

        await bed.PowerCycleAsync(gateway);

        await AssertLoadedBeforeNetworkAsync(bed, gateway, "tcp dport 81 drop");
        Assert.Equal("", await bed.InsideAsync(gateway, Units));
        Assert.True((await bed.SendTcpAsync(gateway, 80)).Dropped);
        await using var next = LinuxSession.Open(bed, "killed");
        Assert.Equal(MemberState.Held, (await next.MembersAsync())[1].State);
        Assert.Contains("Succeeded", Assert.Single((await (await next.Host.SettleAsync("dmz", new())).Completion).Settled));
        Assert.All(await next.MembersAsync(), m => Assert.Equal((2, MemberState.Active), (m.PolicyVersion, m.State)));
        foreach (var member in bed.Gateways) Assert.Equal("", await bed.InsideAsync(member, Units));
        Assert.False((await bed.SendTcpAsync(gateway, 80)).Dropped);
        Assert.True((await bed.SendTcpAsync(gateway, 82)).Dropped);
    }

    [SystemdFact]
    public async Task Hosts_that_are_switched_off_and_on_load_what_is_confirmed_and_who_leaves_has_no_unit_any_more()
    {
        await using var bed = await StartAsync();
        await bed.PowerCycleAsync(bed.Gateways);
        foreach (var gateway in bed.Gateways) await AssertLoadedBeforeNetworkAsync(bed, gateway, "tcp dport 81 drop");
        await using var session = LinuxSession.Open(bed, "killed");
        Assert.All(await session.MembersAsync(), m => Assert.Equal((1, MemberState.Active), (m.PolicyVersion, m.State)));
        var writes = session.Wire.Writes;
        Assert.Null((await session.SyncAsync(LinuxSession.Forbidding(81))).Operation);
        Assert.Equal(writes, session.Wire.Writes);

        var removal = await session.RunAsync(new RemoveMembersChange { Group = "dmz", Members = ["1_2"] }, new RunOptions { SkipChecks = ["Capacity"] });
        Assert.True(removal.Failure is null, removal.Failure?.Message);
        Assert.Equal("not-found\n", await bed.InsideAsync(bed.Gateways[1], "systemctl show --property=LoadState --value maestro-boot.service; ls /etc/systemd/system/sysinit.target.wants 2>/dev/null || :"));
        await bed.PowerCycleAsync(bed.Gateways[1]);
        Assert.Equal("", await bed.NftListAsync(bed.Gateways[1]));
    }

    private async Task TakenBackAsync(Func<Testbed, TestbedGateway, Task> meanwhile)
    {
        await using var bed = await StartAsync();
        var began = await KilledController.BeforeAsync(bed, "check", RevertSeconds);
        await Task.WhenAll(bed.Gateways.Select(g => meanwhile(bed, g)));

        foreach (var gateway in bed.Gateways)
        {
            await UntilAsync(() => Task.FromResult(File.Exists(Path.Combine(gateway.DataDirectory, "reverted"))));
            // As the member itself has noted it: number, and when.
            var reverted = (await File.ReadAllTextAsync(Path.Combine(gateway.DataDirectory, "reverted"))).Split(' ');
            Assert.Equal("2", reverted[0]);
            // By systemd's own account; how long nft then takes is the machine's affair, which may have other tests to run.
            var started = (await bed.InsideAsync(gateway, "journalctl -q --no-pager -o short-unix _PID=1 | grep 'Started maestro-revert-maestro-'")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            // The sync before had timers too, and none of them went off.
            Assert.Single(started, l => l.Contains(".service", StringComparison.Ordinal));
            Assert.Contains(".service", started[^1], StringComparison.Ordinal);
            Assert.InRange(Seconds(started[^1]) - Seconds(started[^2]), RevertSeconds, RevertSeconds + 5);
            output.WriteLine($"{gateway.Id}: waited {Seconds(started[^1]) - Seconds(started[^2]):0.000} s; {long.Parse(reverted[1], CultureInfo.InvariantCulture) - began.ToUnixTimeSeconds()} s from the kill to the note that it is taken back");
            Assert.Contains("tcp dport 81 drop", await bed.NftListAsync(gateway), StringComparison.Ordinal);
            await UntilAsync(async () => await bed.InsideAsync(gateway, Units) == "");
            await bed.InsideAsync(gateway, "systemctl start ssh.service");
        }

        await using var next = LinuxSession.Open(bed, "killed");
        Assert.All(await next.MembersAsync(), m => Assert.Equal((1, MemberState.Active), (m.PolicyVersion, m.State)));
        var sync = await next.SyncAsync(LinuxSession.Forbidding(83));
        Assert.True(sync.Failure is null, sync.Failure?.Message);
        Assert.Contains("RolledBack", Assert.Single(sync.Settled), StringComparison.Ordinal);

        static double Seconds(string line) => double.Parse(line[..line.IndexOf(' ', StringComparison.Ordinal)], CultureInfo.InvariantCulture);
    }

    /// <summary>The boot unit had ended well by the time network-pre.target was reached, and the kernel holds the rule.</summary>
    private static async Task AssertLoadedBeforeNetworkAsync(Testbed bed, TestbedGateway gateway, string rule)
    {
        var unit = await bed.InsideAsync(gateway, "systemctl show --property=Result,ActiveState,UnitFileState,ExecMainStatus maestro-boot.service");
        foreach (var said in new[] { "Result=success", "ActiveState=active", "UnitFileState=enabled", "ExecMainStatus=0" }) Assert.Contains(said, unit, StringComparison.Ordinal);
        var moments = (await bed.InsideAsync(gateway, """
            systemctl show --property=ExecMainExitTimestampMonotonic --value maestro-boot.service
            systemctl show --property=ActiveEnterTimestampMonotonic --value network-pre.target
            systemctl show --property=ExecMainStartTimestampMonotonic --value testbed-network.service
            """)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(m => long.Parse(m, CultureInfo.InvariantCulture)).ToList();
        Assert.True(moments[0] > 0 && moments[0] <= moments[1] && moments[1] <= moments[2], string.Join(' ', moments));
        Assert.Contains(rule, await bed.NftListAsync(gateway), StringComparison.Ordinal);
    }

    /// <summary>Two members that hold 81.</summary>
    private static async Task<Testbed> StartAsync()
    {
        var bed = await Testbed.StartAsync(new TestbedOptions { Gateways = 2, Systemd = true });
        await using var session = LinuxSession.Open(bed, "killed");
        await session.MakeGroupAsync(bed);
        var sync = await session.SyncAsync(LinuxSession.Forbidding(81));
        Assert.True(sync.Failure is null, sync.Failure?.Message);
        return bed;
    }
}

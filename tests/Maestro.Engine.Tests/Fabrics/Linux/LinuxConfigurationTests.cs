using Maestro.Engine.Fabrics;
using Maestro.Engine.Model.Configuration;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Groups;
using Maestro.Engine.Model.Operations;
using Maestro.Engine.Operations.Running;
using Maestro.Engine.Synchronisation.Configuration;
using Maestro.Testbeds;
using static Maestro.Engine.Tests.Fabrics.Linux.OnHosts;

namespace Maestro.Engine.Tests.Fabrics.Linux;

/// <summary>Configurations on real hosts, looked at from outside: by the machine's own ssh, by nsenter, and on the hosts' disks.</summary>
public sealed class LinuxConfigurationTests
{
    private const string First = """
        {
          "version": 1,
          "hostname": "configured",
          "files": { "motd": { "path": "/etc/motd", "content": "first\n", "mode": "0640", "group": "daemon" }, "note": { "path": "/etc/maestro-note", "content": "no line end" } },
          "sysctl": { "net.ipv4.conf.all.log_martians": 1, "net.ipv4.ip_local_port_range": "20000 30000" },
          "addresses": { "service": { "device": "eth1", "address": "10.91.200.1/24" }, "six": { "device": "eth2", "address": "2001:db8:7::1/64" } },
          "routes": { "partner": { "destination": "198.51.100.0/24", "via": "10.91.200.254", "device": "eth1" }, "six": { "destination": "2001:db8:8::/48", "via": "2001:db8:7::2", "device": "eth2" } },
          "members": { "1_2": { "addresses": { "service": { "address": "10.91.200.2/24" } }, "files": { "note": null } } }
        }
        """;

    private const string Second = """
        {
          "version": 1,
          "files": { "motd": { "path": "/etc/motd", "content": "second\n" } },
          "sysctl": { "net.ipv4.conf.all.log_martians": 0, "net.ipv4.conf.all.secure_redirects": 0 },
          "addresses": { "service": { "device": "eth1", "address": "10.91.201.1/24" } },
          "routes": { "partner": { "destination": "198.51.100.0/24", "via": "10.91.201.254", "device": "eth1" } }
        }
        """;

    // Everything that both versions touch, as an independent process sees it.
    private const string Look = """
        hostname; cat /etc/motd; stat -c '%a %U:%G' /etc/motd; cat /etc/maestro-note 2>/dev/null || echo none; echo
        cat /proc/sys/net/ipv4/conf/all/log_martians /proc/sys/net/ipv4/conf/all/secure_redirects /proc/sys/net/ipv4/ip_local_port_range
        ip -o addr show eth1 | awk '{ print $4 }' | sort; ip -o -6 addr show eth2 | grep -c 2001:db8:7:; ip route show 198.51.100.0/24; ip -6 route show 2001:db8:8::/48
        """;

    [TestbedFact]
    public async Task Three_members_get_one_configuration_each_its_own_of_it_and_a_second_run_writes_nothing()
    {
        await using var bed = await Testbed.StartAsync(new TestbedOptions { Gateways = 3 });
        await using var session = LinuxSession.Open(bed, account: TestbedAccount.Sudo);
        await session.MakeGroupAsync(bed);
        var sync = await session.SyncConfigurationAsync(First);
        Assert.True(sync.Failure is null, sync.Failure?.Message);
        Assert.Equal(OperationState.Succeeded, sync.Operation!.State);

        foreach (var (gateway, number) in bed.Gateways.Select((g, i) => (g, i + 1)))
        {
            var seen = (await bed.RunSshAsync(gateway, Look)).EnsureSuccess().Output;
            Assert.StartsWith("configured\nfirst\n640 root:daemon\n", seen, StringComparison.Ordinal);
            Assert.Contains(number == 2 ? "\nnone\n" : "\nno line end\n", seen, StringComparison.Ordinal);
            Assert.Contains("\n1\n1\n20000\t30000\n", seen, StringComparison.Ordinal);
            Assert.Contains(number == 2 ? "\n10.91.200.2/24\n" : "\n10.91.200.1/24\n", seen, StringComparison.Ordinal);
            Assert.Contains("198.51.100.0/24 via 10.91.200.254 dev eth1 proto static", seen, StringComparison.Ordinal);
            Assert.Contains("2001:db8:8::/48 via 2001:db8:7::2 dev eth2 proto static", seen, StringComparison.Ordinal);
            Assert.DoesNotContain(".maestro", string.Join(' ', Directory.GetFiles(gateway.PathOf("/etc"))), StringComparison.Ordinal);
        }

        Assert.All(await session.MembersAsync(), m => Assert.Equal((1, MemberState.Active), (m.ConfigurationVersion, m.State)));
        var writes = session.Wire.Writes;
        Assert.Null((await session.SyncConfigurationAsync(First)).Operation);
        Assert.Null((await session.RunAsync(new SyncConfigurationChange { Group = "dmz" })).Operation);
        Assert.Empty(await session.Host.CompareConfigurationAsync("dmz", [], default));
        Assert.Equal(writes, session.Wire.Writes);
    }

    [TestbedFact]
    public async Task What_somebody_changes_by_hand_is_found_item_by_item_and_healed_without_a_file()
    {
        await using var bed = await StartAsync();
        await using var session = LinuxSession.Open(bed);
        var before = await LookAsync(bed, bed.Gateways[1]);
        await bed.InsideAsync(bed.Gateways[1], "echo own >/etc/motd; echo 0 >/proc/sys/net/ipv4/conf/all/log_martians; ip addr del 10.91.200.2/24 dev eth1; ip route del 198.51.100.0/24; hostname other");
        await bed.InsideAsync(bed.Gateways[2], "chmod 600 /etc/motd; printf 'one line more\\n' >>/etc/maestro-note");

        var writes = session.Wire.Writes;
        var drift = await session.Host.CompareConfigurationAsync("dmz", [], default);
        Assert.Equal(writes, session.Wire.Writes);
        Assert.Equal(["1_2", "1_3"], drift.Select(d => d.Member));
        Assert.Equal(
            [(ConfigurationChange.Missing, "address eth1 10.91.200.2/24"), (ConfigurationChange.Changed, "file /etc/motd"), (ConfigurationChange.Changed, "hostname"), (ConfigurationChange.Missing, "route 198.51.100.0/24"), (ConfigurationChange.Changed, "sysctl net.ipv4.conf.all.log_martians")],
            drift[0].Difference.Select(d => (d.Change, d.Item)));
        Assert.Equal(("1", "1", "0"), drift[0].Difference.Where(d => d.Item.StartsWith("sysctl", StringComparison.Ordinal)).Select(d => (d.Intended, d.Confirmed, d.Actual)).Single());
        Assert.Contains("\n-hostname: configured\n", Assert.Single(drift[0].Unified), StringComparison.Ordinal);
        Assert.Contains("\n+hostname: other\n", drift[0].Unified[0], StringComparison.Ordinal);
        Assert.Equal(["file /etc/maestro-note", "file /etc/motd"], drift[1].Difference.Select(d => d.Item));
        Assert.StartsWith("640 root:daemon ", drift[1].Difference[1].Intended, StringComparison.Ordinal);
        Assert.StartsWith("600 root:daemon ", drift[1].Difference[1].Actual, StringComparison.Ordinal);
        // What the world may read is told line by line; the other file, which it may not, by its hash.
        Assert.Equal(2, drift[1].Unified.Count);
        Assert.StartsWith("--- dmz #1 ", drift[1].Unified[1], StringComparison.Ordinal);
        Assert.Contains(" actual /etc/maestro-note\n", drift[1].Unified[1], StringComparison.Ordinal);
        Assert.Contains("\n+no line endone line more", drift[1].Unified[1], StringComparison.Ordinal);
        Assert.Contains("not proven", (await session.MembersAsync())[1].Reason, StringComparison.Ordinal);

        var heal = await session.RunAsync(new SyncConfigurationChange { Group = "dmz" });
        Assert.True(heal.Failure is null, heal.Failure?.Message);
        Assert.DoesNotContain(heal.Operation!.Step, s => s.Member == "1_1");
        Assert.Empty(await session.Host.CompareConfigurationAsync("dmz", [], default));
        Assert.Equal(before, await LookAsync(bed, bed.Gateways[1]));
    }

    /// <summary>Addresses come first, then files, routes, kernel settings; the script is killed right before it brings the item that the pattern names.</summary>
    [TestbedTheory]
    [InlineData("ip", "route replace 198.51.100.0/24 via 10.91.201", "10.91.201.1/24", false)]
    [InlineData("ip", "route replace 198.51.100.0/24 via 10.91.201", "\nsecond\n", true)]
    [InlineData("chown", "root:root /etc/.motd", "\nfirst\n", false)]
    public async Task A_member_whose_commit_is_killed_between_two_items_is_wholly_as_before_by_its_timer_or_by_its_boot(string program, string pattern, string half, bool byBoot)
    {
        await using var bed = await StartAsync();
        var gateway = bed.Gateways[1];
        var before = await LookAsync(bed, gateway);
        // Killed there, and nobody reaches the member any more.
        await WrapAsync(bed, gateway, program, $"case \"$*\" in *'{pattern}'*) /usr/sbin/ip link set eth0 down; touch /run/reached; kill -9 $PPID; exit 1 ;; esac\nPATH=/usr/sbin:/usr/bin:/sbin:/bin exec {program} \"$@\"");
        await using (var session = LinuxSession.Open(bed))
        {
            var running = session.SyncConfigurationAsync(Second, revertAfter: 15);
            await UntilAsync(() => Task.FromResult(File.Exists(gateway.PathOf("/run/reached"))));
            var left = await LookAsync(bed, gateway);
            Assert.NotEqual(before, left);
            Assert.Contains(half, left, StringComparison.Ordinal);
            await bed.InsideAsync(gateway, $"rm /usr/local/sbin/{program}");
            if (byBoot) await bed.PowerCycleAsync(gateway);
            await UntilAsync(async () => await LookAsync(bed, gateway) == before);
            await bed.InsideAsync(gateway, "ip link set eth0 up");
            Assert.Equal(OperationState.RolledBack, (await running).Operation!.State);
        }

        Assert.Empty(Directory.GetFiles(gateway.PathOf("/etc"), ".*.maestro"));
        foreach (var other in bed.Gateways) Assert.Equal("first", (await LookAsync(bed, other)).Split('\n')[1]);
        await using var next = LinuxSession.Open(bed);
        Assert.All(await next.MembersAsync(), m => Assert.Equal((1, MemberState.Active), (m.ConfigurationVersion, m.State)));
        Assert.Empty(await next.Host.CompareConfigurationAsync("dmz", [], default));
        Assert.Null((await next.SyncConfigurationAsync(Second)).Failure);
    }

    [TestbedFact]
    public async Task Where_one_member_cannot_have_it_all_stay_as_they_were_and_the_error_names_each_item()
    {
        await using var bed = await StartAsync();
        var before = await Task.WhenAll(bed.Gateways.Select(g => LookAsync(bed, g)));
        await using var session = LinuxSession.Open(bed);
        await bed.InsideAsync(bed.Gateways[2], "mkdir -p /etc/sysctl.d /etc/network/interfaces.d; echo net.ipv4.conf.all.log_martians=1 >/etc/sysctl.d/50-mine.conf; printf 'iface eth1 inet static\\n  address 10.91.201.1/24\\n' >/etc/network/interfaces.d/mine");

        var refused = await session.SyncConfigurationAsync(Second);
        Assert.Equal(ErrorCatalogue.ConfigurationItemForeign, refused.Failure!.Code);
        Assert.Contains("/etc/sysctl.d/50-mine.conf", refused.Failure.Message, StringComparison.Ordinal);
        Assert.Contains("/etc/network/interfaces.d/mine", refused.Failure.Message, StringComparison.Ordinal);
        Assert.Equal(before, await Task.WhenAll(bed.Gateways.Select(g => LookAsync(bed, g))));

        var impossible = await session.SyncConfigurationAsync("""
            { "version": 1, "files": { "a": { "path": "/nowhere/x", "content": "", "owner": "nobody1" }, "b": { "path": "/bin/ls", "content": "" } }, "sysctl": { "net.none": 1 },
              "addresses": { "c": { "device": "eth9", "address": "192.0.2.1/24" } } }
            """);
        Assert.Equal(ErrorCatalogue.ConfigurationItemForeign, impossible.Failure!.Code);
        foreach (var said in new[] { "no folder /nowhere", "no account nobody1", "no such setting", "no device eth9" }) Assert.Contains(said, impossible.Failure.Message, StringComparison.Ordinal);
        Assert.Equal(OperationState.RolledBack, impossible.Operation!.State);

        // A value that the kernel does not take shows only when it is written: everything goes back.
        var late = await session.SyncConfigurationAsync("""{ "version": 1, "files": { "motd": { "path": "/etc/motd", "content": "late\n" } }, "sysctl": { "net.ipv4.ip_local_port_range": "30000 20000" } }""");
        Assert.Equal(ErrorCatalogue.ConfigurationRefused, late.Failure!.Code);
        Assert.Equal(before, await Task.WhenAll(bed.Gateways.Select(g => LookAsync(bed, g))));
        Assert.All(await session.MembersAsync(), m => Assert.Equal((1, MemberState.Active), (m.ConfigurationVersion, m.State)));
    }

    [TestbedFact]
    public async Task An_earlier_version_comes_back_whole_a_restart_brings_it_again_and_who_leaves_is_as_before_the_first()
    {
        await using var bed = await Testbed.StartAsync(new TestbedOptions { Gateways = 3 });
        await using var session = LinuxSession.Open(bed);
        await session.MakeGroupAsync(bed);
        var untouched = await LookAsync(bed, bed.Gateways[0]);
        Assert.Null((await session.SyncConfigurationAsync(First)).Failure);
        var first = await LookAsync(bed, bed.Gateways[0]);
        Assert.Null((await session.SyncConfigurationAsync(Second)).Failure);
        Assert.NotEqual(first, await LookAsync(bed, bed.Gateways[0]));

        var restoration = await session.Host.PrepareConfigurationRestoreAsync("dmz", null, default);
        Assert.Null((await session.RunAsync(restoration.Change)).Failure);
        Assert.Equal([3, 2, 1], (await session.Host.GetConfigurationVersionsAsync("dmz", default)).Select(v => v.Version));
        Assert.Equal(first, await LookAsync(bed, bed.Gateways[0]));

        await bed.PowerCycleAsync(bed.Gateways[0]);
        await UntilAsync(async () => await LookAsync(bed, bed.Gateways[0]) == first);
        Assert.Empty(await session.Host.CompareConfigurationAsync("dmz", [], default));

        // Another store knows nothing of it, and reads the version back from the members.
        await using (var other = LinuxSession.Open(bed, "b")) Assert.True((await other.Host.GetConfigurationVersionsAsync("dmz", default)).First().Recovered);
        var removal = await session.RunAsync(new Engine.Clustering.Membership.RemoveMembersChange { Group = "dmz", Members = ["1_1"] }, new RunOptions { SkipChecks = ["Capacity"] });
        Assert.True(removal.Failure is null, removal.Failure?.Message);
        Assert.Equal(untouched.Replace("configured", "fw", StringComparison.Ordinal), (await LookAsync(bed, bed.Gateways[0])).Replace("configured", "fw", StringComparison.Ordinal));
        Assert.False(Directory.Exists(Path.Combine(bed.Gateways[0].DataDirectory, "configuration")));

        var joining = await session.RunAsync(new Engine.Clustering.Membership.AddMembersChange { Group = "dmz", Gateways = [bed.Gateways[0].Id] });
        Assert.True(joining.Failure is null, joining.Failure?.Message);
        Assert.Equal(first, await LookAsync(bed, bed.Gateways[0]));
    }

    /// <summary>Three members that have the first configuration.</summary>
    private static async Task<Testbed> StartAsync()
    {
        var bed = await Testbed.StartAsync(new TestbedOptions { Gateways = 3 });
        await using var session = LinuxSession.Open(bed);
        await session.MakeGroupAsync(bed);
        var sync = await session.SyncConfigurationAsync(First);
        Assert.True(sync.Failure is null, sync.Failure?.Message);
        return bed;
    }

    private static async Task<string> LookAsync(Testbed bed, TestbedHost host) => (await bed.RunInsideAsync(host, Look)).Output;

    private static async Task WrapAsync(Testbed bed, TestbedHost host, string program, string script) =>
        (await bed.RunInsideAsync(host, $"mkdir -p /usr/local/sbin && cat >/usr/local/sbin/{program} && chmod 755 /usr/local/sbin/{program}", "#!/bin/sh\n" + script + "\n")).EnsureSuccess();
}

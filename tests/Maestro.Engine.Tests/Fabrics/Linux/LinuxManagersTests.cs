using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Groups;
using Maestro.Engine.Model.Operations;
using Maestro.Testbeds;
using static Maestro.Engine.Tests.Fabrics.Linux.OnHosts;

namespace Maestro.Engine.Tests.Fabrics.Linux;

/// <summary>Addresses and routes that the host's own manager brings back: ifupdown and networkd themselves, on hosts with systemd.</summary>
public sealed class LinuxManagersTests
{
    private const string ByIfupdown = """
        {
          "version": 1,
          "addresses": {
            "service": { "device": "eth1", "address": "10.91.200.1/24", "persist": "ifupdown" }, "six": { "device": "eth1", "address": "2001:db8:7::1/64", "persist": "ifupdown" },
            "ours": { "device": "eth1", "address": "10.91.210.1/24" }
          },
          "routes": {
            "partner": { "destination": "198.51.100.0/24", "via": "10.91.200.254", "device": "eth1", "metric": 50, "persist": "ifupdown" },
            "six": { "destination": "2001:db8:8::/48", "via": "2001:db8:7::2", "device": "eth1", "persist": "ifupdown" },
            "direct": { "destination": "203.0.113.0/24", "device": "eth1", "persist": "ifupdown" }
          },
          "members": { "1_2": { "addresses": { "service": { "address": "10.91.200.2/24" } } } }
        }
        """;

    private static readonly string ByNetworkd = ByIfupdown.Replace("ifupdown", "networkd", StringComparison.Ordinal);

    private const string Look = "ip -o addr show dev eth1 | awk '{ print $3, $4 }' | sort; ip -4 route show dev eth1; ip -6 route show dev eth1 | grep static; cat /etc/network/interfaces.d/maestro /etc/systemd/network/10-maestro-eth1.network 2>/dev/null || :";

    private static readonly string[] Brought =
    [
        "inet 10.91.200.1/24\n", "inet6 2001:db8:7::1/64\n", "198.51.100.0/24 via 10.91.200.254 proto static metric 50", "2001:db8:8::/48 via 2001:db8:7::2 proto static metric 1024", "203.0.113.0/24 proto static scope link",
    ];

    /// <summary>What Maestro itself brings on the same device, and what was there before it.</summary>
    private static readonly string[] Beside = ["inet 10.91.210.1/24\n", "inet 10.91.1.1/16\n"];

    [SystemdFact]
    public async Task What_ifupdown_is_to_bring_back_it_brings_at_its_own_restart_and_at_the_hosts()
    {
        await using var bed = await StartAsync("systemctl enable --now networking");
        await using var session = LinuxSession.Open(bed);
        var gateway = bed.Gateways[0];
        var untouched = await bed.InsideAsync(gateway, Look);
        await SyncedAsync(session, ByIfupdown);
        AssertThere(Brought, await bed.InsideAsync(gateway, Look));
        Assert.Contains("inet 10.91.200.2/24\n", await bed.InsideAsync(bed.Gateways[1], Look), StringComparison.Ordinal);

        Assert.Equal("lo\neth1\n", await bed.InsideAsync(gateway, "ifquery --list"));
        Assert.Contains("up: ip -4 addr replace 10.91.200.1/24 dev eth1\n", await bed.InsideAsync(gateway, "ifquery eth1"), StringComparison.Ordinal);
        // It has never heard of the device, whose addresses are there already.
        await bed.InsideAsync(gateway, "ifup eth1");
        await bed.InsideAsync(gateway, "ip addr flush dev eth1; ifdown eth1 && ifup eth1");
        AssertThere(Brought, await bed.InsideAsync(gateway, Look));
        await bed.InsideAsync(gateway, "systemctl restart networking");
        AssertThere(Brought, await bed.InsideAsync(gateway, Look));

        await RestartAsync(bed, gateway, "networking");
        AssertThere([.. Brought, .. Beside], await bed.InsideAsync(gateway, Look));
        Assert.Empty(await session.Host.CompareConfigurationAsync("dmz", [], default));

        await AssertTakenBackAsync(bed, session, ByIfupdown);
        await SyncedAsync(session, """{ "version": 1 }""");
        Assert.Equal(Lines(untouched), Lines(await bed.InsideAsync(gateway, Look)));
    }

    [SystemdFact]
    public async Task What_networkd_is_to_bring_back_it_brings_at_its_own_restart_and_at_the_hosts_and_leaves_alone_what_it_is_not_told_of()
    {
        await using var bed = await StartAsync("systemctl enable --now systemd-networkd");
        await using var session = LinuxSession.Open(bed);
        var gateway = bed.Gateways[0];
        var untouched = await bed.InsideAsync(gateway, Look);
        await SyncedAsync(session, ByNetworkd);
        AssertThere([.. Brought, .. Beside], await bed.InsideAsync(gateway, Look));

        // From here on it has the device.
        await bed.InsideAsync(gateway, "networkctl reload");
        await ConfiguredAsync(bed, gateway);
        AssertThere([.. Brought, .. Beside], await bed.InsideAsync(gateway, Look));
        await bed.InsideAsync(gateway, "ip addr del 10.91.200.1/24 dev eth1; ip addr del 2001:db8:7::1/64 dev eth1; ip route del 203.0.113.0/24; systemctl restart systemd-networkd");
        await ConfiguredAsync(bed, gateway);
        AssertThere([.. Brought, .. Beside], await bed.InsideAsync(gateway, Look));
        Assert.Empty(await session.Host.CompareConfigurationAsync("dmz", [], default));

        await RestartAsync(bed, gateway, "systemd-networkd");
        await ConfiguredAsync(bed, gateway);
        AssertThere([.. Brought, .. Beside], await bed.InsideAsync(gateway, Look));
        Assert.Empty(await session.Host.CompareConfigurationAsync("dmz", [], default));

        await AssertTakenBackAsync(bed, session, ByNetworkd);
        await SyncedAsync(session, """{ "version": 1 }""");
        Assert.Equal(Lines(untouched), Lines(await bed.InsideAsync(gateway, Look)));
    }

    [SystemdFact]
    public async Task What_another_manager_owns_is_refused_by_name_and_a_manager_that_would_bring_nothing_is_none()
    {
        await using var bed = await StartAsync("systemctl enable --now systemd-networkd");
        await using var session = LinuxSession.Open(bed);
        var (first, second) = (bed.Gateways[0], bed.Gateways[1]);
        await bed.InsideAsync(first, """
            printf '[Match]\nName=eth[12]\n[Network]\nKeepConfiguration=static\nGateway=10.91.1.254\n[Route]\nDestination=198.51.100.0/24\nMetric=50\nGateway=10.91.1.253\n' >/etc/systemd/network/50-mine.network && networkctl reload
            """);
        await UntilAsync(async () => (await bed.InsideAsync(first, "cat /run/systemd/netif/links/*")).Contains("NETWORK_FILE=/etc/systemd/network/50-mine.network", StringComparison.Ordinal));
        await bed.InsideAsync(second, """
            printf 'iface eth1 inet static\n  address 10.91.200.2\n  netmask 255.255.255.0\n  gateway 10.91.200.254\n  up ip -6 route add 2001:db8:8::/48 via 2001:db8:7::9 dev eth1\n' >/etc/network/interfaces.d/mine
            """);
        // What networkd has read it has not yet done.
        var before = ("", "");
        await UntilAsync(async () =>
        {
            var seen = before;
            before = (Lines(await bed.InsideAsync(first, Look)), Lines(await bed.InsideAsync(second, Look)));
            await Task.Delay(TimeSpan.FromSeconds(1));
            return seen == before;
        });

        var foreign = await session.SyncConfigurationAsync(ByNetworkd.Replace("\"direct\"", "\"way\": { \"destination\": \"default\", \"via\": \"10.91.200.254\", \"device\": \"eth1\" }, \"direct\"", StringComparison.Ordinal));
        Assert.Equal(ErrorCatalogue.ConfigurationItemForeign, foreign.Failure!.Code);
        foreach (var said in new[]
        {
            "device eth1 is configured by /etc/systemd/network/50-mine.network", "route to 198.51.100.0/24 is given by /etc/systemd/network/50-mine.network", "route to default is given by /etc/systemd/network/50-mine.network",
            "address eth1 10.91.200.2/24 is given by /etc/network/interfaces.d/mine", "route to 2001:db8:8::/48 is given by /etc/network/interfaces.d/mine", "route to default is given by /etc/network/interfaces.d/mine",
        })
        {
            Assert.Contains(said, foreign.Failure.Message, StringComparison.Ordinal);
        }

        // Another metric is another route.
        Assert.DoesNotContain("203.0.113.0", foreign.Failure.Message, StringComparison.Ordinal);
        Assert.Equal(OperationState.RolledBack, foreign.Operation!.State);

        await bed.InsideAsync(first, "rm /etc/systemd/network/50-mine.network; systemctl stop systemd-networkd.socket systemd-networkd");
        await bed.InsideAsync(second, "rm /etc/network/interfaces.d/mine; systemctl disable systemd-networkd");
        var stopped = await session.SyncConfigurationAsync(ByNetworkd);
        Assert.Equal(ErrorCatalogue.ConfigurationRefused, stopped.Failure!.Code);
        Assert.Contains("systemd-networkd does not run here", stopped.Failure.Message, StringComparison.Ordinal);
        Assert.Contains("systemd-networkd is not enabled here", stopped.Failure.Message, StringComparison.Ordinal);
        var missing = await session.SyncConfigurationAsync(ByIfupdown);
        Assert.Contains("networking.service is not enabled here", missing.Failure!.Message, StringComparison.Ordinal);
        Assert.Equal(before.Item1, Lines(await bed.InsideAsync(first, Look)));
        Assert.Equal(before.Item2, Lines(await bed.InsideAsync(second, Look)));
    }

    [SystemdFact]
    public async Task The_boot_step_does_not_keep_the_host_waiting_for_devices_and_brings_what_needs_them_when_they_come()
    {
        await using var bed = await StartAsync("ip link add late0 type veth peer name late1 && ip link set late0 up && ip link set late1 up");
        await using var session = LinuxSession.Open(bed);
        var gateway = bed.Gateways[0];
        await SyncedAsync(session, """
            {
              "version": 1,
              "sysctl": { "net.ipv4.conf.all.rp_filter": 1 },
              "addresses": { "late": { "device": "late0", "address": "192.0.2.1/24" } },
              "routes": { "late": { "destination": "203.0.113.0/24", "via": "192.0.2.2", "device": "late0" }, "partner": { "destination": "198.51.100.0/24", "via": "10.91.1.77", "device": "eth1" } }
            }
            """);
        await bed.InsideAsync(gateway, """
            # Debian's own files say 2, and systemd reads them at every start.
            mkdir -p /usr/lib/sysctl.d && echo net.ipv4.conf.all.rp_filter=2 >/usr/lib/sysctl.d/40-test.conf
            cat >/etc/systemd/system/late.service <<'UNIT'
            [Service]
            Type=oneshot
            RemainAfterExit=yes
            ExecStart=/bin/sh -c 'until [ -e /run/come ]; do sleep 0.2; done; ip link add late0 type veth peer name late1 && ip link set late0 up && ip link set late1 up'
            [Install]
            WantedBy=multi-user.target
            UNIT
            systemctl enable late.service
            """);

        await bed.PowerCycleAsync(gateway);

        // The address that the host was installed with came after the boot step, and so did the route over it.
        Assert.Equal("success active\n", await bed.InsideAsync(gateway, "echo $(systemctl show --property=Result,ActiveState --value maestro-boot.service)"));
        await UntilAsync(async () => (await bed.RunInsideAsync(gateway, "ip route show 198.51.100.0/24")).Output.Contains("via 10.91.1.77 dev eth1 proto static", StringComparison.Ordinal));
        Assert.Equal("1\n", await bed.InsideAsync(gateway, "cat /proc/sys/net/ipv4/conf/all/rp_filter"));
        Assert.Equal("", (await bed.RunInsideAsync(gateway, "ip -o addr show dev late0 2>/dev/null")).Output);
        Assert.NotEmpty(await session.Host.CompareConfigurationAsync("dmz", ["1_1"], default));

        await bed.InsideAsync(gateway, "touch /run/come");

        await UntilAsync(async () => (await bed.RunInsideAsync(gateway, "ip route show 203.0.113.0/24")).Output.Contains("via 192.0.2.2 dev late0 proto static", StringComparison.Ordinal));
        Assert.Contains("192.0.2.1/24", await bed.InsideAsync(gateway, "ip -o addr show dev late0"), StringComparison.Ordinal);
        await UntilAsync(async () => !(await bed.InsideAsync(gateway, "systemctl status --no-pager maestro-boot.service")).Contains("timer.sh", StringComparison.Ordinal));
        Assert.Empty(await session.Host.CompareConfigurationAsync("dmz", ["1_1"], default));
    }

    /// <summary>A second configuration moves all; its member is cut off before the check, and by itself has kernel and files as they were.</summary>
    private static async Task AssertTakenBackAsync(Testbed bed, LinuxSession session, string configuration)
    {
        const int revertSeconds = 10;
        var gateway = bed.Gateways[0];
        var before = Lines(await bed.InsideAsync(gateway, Look));
        var half = "";
        long began = 0;
        await using (var other = LinuxSession.Open(bed, between: new Just("configuration-check", gateway.Id, async () =>
        {
            half = await bed.InsideAsync(gateway, Look);
            began = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
            await bed.CutNetworkAsync(gateway, GatewayLinks.Management);
        }).Around))
        {
            var running = other.SyncConfigurationAsync(configuration.Replace("10.91.200.", "10.91.201.", StringComparison.Ordinal), revertSeconds);
            var mark = Path.Combine(gateway.DataDirectory, "configuration", "reverted");
            await UntilAsync(() => Task.FromResult(began > 0 && File.Exists(mark)));
            Assert.InRange(long.Parse((await File.ReadAllTextAsync(mark)).Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture) - began, 0, revertSeconds + 5);
            Assert.Equal(before, Lines(await bed.InsideAsync(gateway, Look)));
            await bed.RestoreNetworkAsync(gateway, GatewayLinks.Management);
            Assert.Equal(OperationState.RolledBack, (await running).Operation!.State);
        }

        Assert.Contains("inet 10.91.201.1/24\n", half, StringComparison.Ordinal);
        Assert.Contains("10.91.201.1/24", half[half.LastIndexOf("# Written by Maestro", StringComparison.Ordinal)..], StringComparison.Ordinal);
        Assert.Equal("", await bed.InsideAsync(gateway, "systemctl list-units --all --plain --no-legend 'maestro-revert-*'"));
        Assert.All(await session.MembersAsync(), m => Assert.Equal((1, MemberState.Active), (m.ConfigurationVersion, m.State)));
        Assert.Empty(await session.Host.CompareConfigurationAsync("dmz", [], default));
    }

    private static async Task RestartAsync(Testbed bed, TestbedGateway gateway, string manager)
    {
        await bed.PowerCycleAsync(gateway);
        Assert.Equal("active\n", await bed.InsideAsync(gateway, $"systemctl is-active {manager}"));
        // What Maestro itself brings may have waited for a device.
        await UntilAsync(async () => (await bed.InsideAsync(gateway, Look)).Contains(Beside[0], StringComparison.Ordinal));
    }

    private static Task ConfiguredAsync(Testbed bed, TestbedGateway gateway) =>
        UntilAsync(async () => (await bed.InsideAsync(gateway, "networkctl --no-pager --no-legend list eth1")).TrimEnd().EndsWith("configured", StringComparison.Ordinal));

    private static void AssertThere(IEnumerable<string> wanted, string seen)
    {
        foreach (var line in wanted) Assert.Contains(line, seen, StringComparison.Ordinal);
    }

    /// <summary>In one order: the kernel lists addresses and routes as they came.</summary>
    private static string Lines(string seen) => string.Join('\n', seen.Split('\n').Select(l => l.TrimEnd()).Order(StringComparer.Ordinal));

    /// <summary>Two members without a configuration, on hosts that were prepared.</summary>
    private static async Task<Testbed> StartAsync(string preparation)
    {
        var bed = await Testbed.StartAsync(new TestbedOptions { Gateways = 2, Systemd = true });
        foreach (var gateway in bed.Gateways) await bed.InsideAsync(gateway, preparation);
        await using var session = LinuxSession.Open(bed);
        await session.MakeGroupAsync(bed);
        return bed;
    }

    private static async Task SyncedAsync(LinuxSession session, string text)
    {
        var sync = await session.SyncConfigurationAsync(text);
        Assert.True(sync.Failure is null, sync.Failure?.Message);
    }
}

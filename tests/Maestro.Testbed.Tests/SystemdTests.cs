using Maestro.Testbeds.Machine;

namespace Maestro.Testbeds.Tests;

/// <summary>Gateways whose process 1 is systemd.</summary>
public sealed class SystemdTests
{
    private const string State = "cat /proc/1/comm /proc/sys/kernel/random/boot_id; systemctl is-system-running --wait; systemctl is-active ssh dbus systemd-journald; readlink /proc/self/ns/net /proc/1/ns/net | uniq | wc -l";

    [SystemdFact]
    public async Task A_gateway_boots_with_units_of_its_own_again_after_a_power_cut_and_leaves_nothing_on_the_machine()
    {
        var hostname = await File.ReadAllTextAsync("/proc/sys/kernel/hostname");
        var bed = await Testbed.StartAsync(new TestbedOptions { Gateways = 2, JumpHost = true, Systemd = true });
        await using var end = bed;
        var gateway = bed.Gateways[0];
        var traces = new Traces(bed.DirectoryPath, $"{gateway.Address}");
        var before = (await bed.RunSshAsync(gateway, State)).EnsureSuccess().Output.Split('\n');
        Assert.Equal(["systemd", "running", "active", "active", "active", "1", ""], [before[0], .. before[2..]]);
        Assert.True((await bed.PingAsync(gateway, new TrafficOptions { Patience = TimeSpan.FromSeconds(20) })).Passed);
        (await bed.RunSshAsync(gateway, "echo kept >/etc/kept; touch /run/lost; nft add table inet lost; sysctl -w net.ipv4.ip_default_ttl=65; ! sysctl -w kernel.pid_max=4194303 2>/dev/null; logger -t test said; journalctl -q -t test | grep -q said")).EnsureSuccess();
        Assert.NotEmpty(await GroupsAsync(bed));

        await bed.PowerCycleAsync(gateway);

        var after = (await bed.RunSshAsync(gateway, State + "; cat /etc/kept; ls /run/lost; nft list tables; cat /proc/sys/net/ipv4/ip_default_ttl")).Output.Split('\n');
        Assert.Equal(["systemd", "running", "active", "active", "active", "1", "kept", "64", ""], [after[0], .. after[2..]]);
        Assert.NotEqual(before[1], after[1]);
        await bed.ReplaceHostKeyAsync(bed.Gateways[1]);
        Assert.False(File.Exists("/dev/log") && File.ResolveLinkTarget("/dev/log", false)?.FullName.StartsWith(bed.DirectoryPath, StringComparison.Ordinal) == true);

        await bed.DisposeAsync();

        Assert.Empty(await Traces.RemainingAsync(traces.Present));
        Assert.Empty(await GroupsAsync(bed));
        Assert.Equal(hostname, await File.ReadAllTextAsync("/proc/sys/kernel/hostname"));
    }

    [SystemdFact]
    public async Task When_its_supervisor_is_killed_the_control_groups_go_with_the_folder()
    {
        var bed = await Testbed.StartAsync(new TestbedOptions { Gateways = 1, Systemd = true });
        var traces = new Traces(bed.DirectoryPath, $"{bed.Gateways[0].Address}");

        LinuxCalls.Signal(traces.Supervisor.Id, LinuxCalls.SignalKill);
        Assert.Empty(await Traces.RemainingAsync(traces.PresentInKernel));
        Assert.NotEmpty(await GroupsAsync(bed));
        await bed.DisposeAsync();

        Assert.Empty(traces.Present());
        Assert.Empty(await GroupsAsync(bed));
    }

    /// <summary>What of the bed's control groups the kernel has.</summary>
    private static async Task<string> GroupsAsync(Testbed bed) =>
        (await SystemCommand.RunAsync("unshare", ["--mount", "/bin/sh", "-c", $"mount -t cgroup2 cgroup2 /mnt && find /mnt -name '{Path.GetFileName(bed.DirectoryPath)}*'"])).EnsureSuccess().Output;
}

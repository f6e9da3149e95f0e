using System.Net.Sockets;
using Maestro.Testbeds.Machine;

namespace Maestro.Testbeds.Tests;

public sealed class PowerTests(PowerTests.Trio shared) : IClassFixture<PowerTests.Trio>
{
    private Testbed Bed => shared.Bed;

    [TestbedFact]
    public async Task A_power_cut_loses_the_rules_and_keeps_the_disk()
    {
        var gateway = Bed.Gateways[0];
        (await Bed.RunSshAsync(gateway, """
            set -e
            nft add table inet lost
            mkdir -p /var/lib/maestro /etc/maestro /run/maestro
            echo kept | tee /var/lib/maestro/a /etc/maestro/b > /run/maestro/c
            cp /run/maestro/c /tmp/d
            """)).EnsureSuccess();
        var before = (gateway.Address, gateway.HostKey, gateway.ProcessId);

        await Bed.PowerOffAsync(gateway);
        Assert.False(gateway.IsOn);
        Assert.Equal("kept\n", await File.ReadAllTextAsync(gateway.PathOf("/etc/maestro/b")));
        await Bed.PowerOnAsync(gateway);

        var after = await Bed.RunSshAsync(gateway, "nft list tables; cat /var/lib/maestro/a /etc/maestro/b; ls /run/maestro/c /tmp/d 2>/dev/null");
        Assert.Equal("kept\nkept\n", after.Output);
        Assert.Equal((before.Address, before.HostKey), (gateway.Address, gateway.HostKey));
        Assert.NotEqual(before.ProcessId, gateway.ProcessId);
    }

    [TestbedFact]
    public async Task A_power_cut_ends_every_process_and_every_answer()
    {
        TestbedGateway[] victims = [Bed.Gateways[0], Bed.Gateways[1]];
        foreach (var victim in victims)
        {
            (await Bed.RunSshAsync(victim, "trap '' TERM HUP; setsid sleep 86400 >/dev/null 2>&1 </dev/null &")).EnsureSuccess();
        }

        var processes = victims.SelectMany(HostProcesses.Of).ToArray();
        Assert.True(processes.Length >= 4);

        await Bed.PowerOffAsync(victims);

        Assert.All(processes, process => Assert.False(process.IsAlive));
        using var caller = new TcpClient();
        await Assert.ThrowsAsync<TimeoutException>(() => caller.ConnectAsync(victims[0].Address, victims[0].Port).WaitAsync(TimeSpan.FromMilliseconds(500)));
        Assert.Equal("fw-a3\n", (await Bed.RunSshAsync(Bed.Gateways[2], "hostname")).Output);
        await Bed.PowerOnAsync(victims);
        Assert.Equal("fw-a1\n", (await Bed.RunSshAsync(victims[0], "hostname")).Output);
    }

    [TestbedFact]
    public async Task The_boot_step_runs_before_any_device_comes_up()
    {
        var gateway = Bed.Gateways[2];
        Directory.CreateDirectory(gateway.DataDirectory);
        await File.WriteAllTextAsync(Path.Combine(gateway.DataDirectory, "boot.sh"), """
            #!/bin/sh
            hostname
            for device in eth0 eth1 eth2; do cat /sys/class/net/$device/operstate; done
            ip -o -4 address show scope global
            cat /proc/sys/net/ipv4/ip_forward
            nft -f - <<'RULES'
            table inet booted {
                chain forward {
                    type filter hook forward priority 0; policy drop;
                    iif "eth1" oif "eth2" tcp dport 80 accept
                }
            }
            RULES

            """);

        await Bed.PowerCycleAsync(gateway);

        Assert.Equal("fw-a3\ndown\ndown\ndown\n0\nboot.sh ended with 0\n", gateway.BootLog);
        Assert.Contains("table inet booted", await Bed.NftListAsync(gateway), StringComparison.Ordinal);
        Assert.True((await Bed.SendTcpAsync(gateway, 81)).Dropped);
        File.Delete(Path.Combine(gateway.DataDirectory, "boot.sh"));
    }

    [TestbedFact]
    public async Task A_host_that_restarts_itself_comes_back_as_another_boot()
    {
        var gateway = Bed.Gateways[1];
        const string Boot = "cat /proc/sys/kernel/random/boot_id";
        var before = (await Bed.RunSshAsync(gateway, Boot)).EnsureSuccess().Output;

        // Not before the answer is out.
        (await Bed.RunSshAsync(gateway, "setsid sh -c 'sleep 0.5; reboot -f' </dev/null >/dev/null 2>&1 &")).EnsureSuccess();

        var boot = before;
        for (var tries = 0; (boot.Length == 0 || boot == before) && tries < 100; tries++)
        {
            await Task.Delay(200);
            var answer = await Bed.RunSshAsync(gateway, Boot);
            boot = answer.ExitCode == 0 ? answer.Output : "";
        }

        Assert.Equal(37, boot.Length);
        Assert.NotEqual(before, boot);
    }

    [TestbedFact]
    public async Task Packets_pass_again_after_a_power_cycle()
    {
        var gateway = Bed.Gateways[1];
        var patient = new TrafficOptions { Patience = TimeSpan.FromSeconds(20) };
        Assert.True((await Bed.PingAsync(gateway, patient)).Passed);

        await Bed.PowerOffAsync(gateway);
        Assert.True((await Bed.PingAsync(gateway)).Dropped);
        await Bed.PowerOnAsync(gateway);

        Assert.True((await Bed.PingAsync(gateway, patient)).Passed);
        Assert.True((await Bed.PingAsync(gateway, patient with { IPv6 = true })).Passed);
    }

    public sealed class Trio() : TestbedFixture(new TestbedOptions { Gateways = 3 });
}

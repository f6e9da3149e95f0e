using System.Net.Sockets;
using Maestro.Testbeds.Machine;

namespace Maestro.Testbeds.Tests;

public sealed class FaultTests(FaultTests.Pair shared) : IClassFixture<FaultTests.Pair>
{
    private Testbed Bed => shared.Bed;

    private TestbedGateway Gateway => Bed.Gateways[0];

    [TestbedTheory]
    [InlineData(TestbedAccount.Root, "nft list ruleset")]
    [InlineData(TestbedAccount.Sudo, "sudo -n nft list ruleset")]
    [InlineData(TestbedAccount.Sudo, "sudo -n sh -c 'nft list ruleset'")]
    public async Task A_wrapper_answers_in_the_place_of_nft(TestbedAccount account, string command)
    {
        await Bed.NftLoadAsync(Gateway, "table inet truth");
        Testbed.SetNftWrapper(Gateway, "#!/bin/sh\n/usr/sbin/nft \"$@\" | sed s/truth/dialect/\n");
        try
        {
            Assert.Contains("table inet dialect", (await Bed.RunSshAsync(Gateway, command, account)).EnsureSuccess().Output, StringComparison.Ordinal);
            Assert.Contains("table inet truth", await Bed.NftListAsync(Gateway), StringComparison.Ordinal);
            Assert.DoesNotContain("dialect", (await Bed.RunSshAsync(Bed.Gateways[1], command, account)).Output, StringComparison.Ordinal);
        }
        finally
        {
            Testbed.SetNftWrapper(Gateway, null);
        }

        Assert.Contains("table inet truth", (await Bed.RunSshAsync(Gateway, command, account)).Output, StringComparison.Ordinal);
    }

    [TestbedFact]
    public async Task A_liar_says_yes_and_does_nothing()
    {
        Testbed.SetNftWrapper(Gateway, "#!/bin/sh\nexit 0\n");
        try
        {
            Assert.Equal(0, (await Bed.RunSshAsync(Gateway, "nft add table inet promised")).ExitCode);
            Assert.DoesNotContain("promised", await Bed.NftListAsync(Gateway), StringComparison.Ordinal);
        }
        finally
        {
            Testbed.SetNftWrapper(Gateway, null);
        }
    }

    [TestbedFact]
    public async Task A_frozen_gateway_answers_only_when_thawed()
    {
        await Bed.FreezeAsync(Gateway);
        using var connection = new TcpClient();
        await connection.ConnectAsync(Gateway.Address, Gateway.Port);
        var banner = new StreamReader(connection.GetStream()).ReadLineAsync();

        await Assert.ThrowsAsync<TimeoutException>(() => banner.WaitAsync(TimeSpan.FromMilliseconds(500)));
        Assert.Equal("fw-a2\n", (await Bed.RunSshAsync(Bed.Gateways[1], "hostname")).Output);

        await Bed.ThawAsync(Gateway);

        Assert.StartsWith("SSH-2.0-OpenSSH", await banner, StringComparison.Ordinal);
        Assert.Equal("fw-a1\n", (await Bed.RunSshAsync(Gateway, "hostname")).Output);
    }

    [TestbedFact]
    public async Task Freezing_stops_every_process_of_the_gateway()
    {
        (await Bed.RunSshAsync(Gateway, "setsid sleep 86400 >/dev/null 2>&1 </dev/null &")).EnsureSuccess();

        await Bed.FreezeAsync(Gateway);
        var frozen = HostProcesses.Of(Gateway).Select(process => process.State).ToArray();
        await Bed.ThawAsync(Gateway);
        var thawed = HostProcesses.Of(Gateway).Select(process => process.State).ToArray();

        Assert.True(frozen.Length >= 2);
        Assert.All(frozen, state => Assert.True(state is 'T' or 'Z'));
        Assert.DoesNotContain<char?>('T', thawed);
    }

    [TestbedFact]
    public async Task A_full_disk_takes_no_more()
    {
        await Bed.FillDiskAsync(Gateway);
        var full = await Bed.RunSshAsync(Gateway, "head -c 100000 /dev/zero > /etc/big");
        await Bed.FreeDiskAsync(Gateway);
        var free = await Bed.RunSshAsync(Gateway, "head -c 100000 /dev/zero > /etc/big && rm /etc/big");

        Assert.NotEqual(0, full.ExitCode);
        Assert.Contains("No space left on device", full.Error, StringComparison.Ordinal);
        Assert.Equal(new CommandResult(0, "", ""), free);
    }

    [TestbedFact]
    public async Task A_slow_login_shell_can_be_asked_for()
    {
        Testbed.SetLoginDelay(Gateway, TimeSpan.FromMilliseconds(100));
        var slow = await Bed.RunSshAsync(Gateway, "grep -c slow-shell /etc/passwd; cat /proc/$PPID/comm; echo $0", TestbedAccount.Sudo);
        Testbed.SetLoginDelay(Gateway, null);
        var quick = await Bed.RunSshAsync(Gateway, "grep -c slow-shell /etc/passwd", TestbedAccount.Sudo);

        Assert.StartsWith("2\n", slow.Output, StringComparison.Ordinal);
        Assert.EndsWith("/bin/sh\n", slow.Output, StringComparison.Ordinal);
        Assert.Equal("0\n", quick.Output);
    }

    [TestbedFact]
    public async Task Connections_and_sessions_are_counted()
    {
        var gateway = Bed.Gateways[1];
        var (connections, sessions) = (gateway.SshConnectionCount, gateway.SshSessionCount);

        (await Bed.RunSshAsync(gateway, "true")).EnsureSuccess();
        (await Bed.RunSshAsync(gateway, "true", TestbedAccount.Sudo)).EnsureSuccess();

        Assert.Equal((connections + 2, sessions + 2), (gateway.SshConnectionCount, gateway.SshSessionCount));
    }

    [TestbedFact]
    public async Task A_replaced_host_key_is_refused_by_whoever_knew_the_old_one()
    {
        var gateway = Bed.Gateways[1];
        var old = gateway.HostKeyFingerprint;
        var knownHosts = await File.ReadAllTextAsync(Bed.KnownHostsPath);

        await Bed.ReplaceHostKeyAsync(gateway);
        var refused = await Bed.RunSshAsync(gateway, "hostname");
        await File.WriteAllTextAsync(Bed.KnownHostsPath, $"{gateway.Address} {gateway.HostKey}\n");
        var accepted = await Bed.RunSshAsync(gateway, "hostname");
        await File.WriteAllTextAsync(Bed.KnownHostsPath, knownHosts.Replace(old, gateway.HostKey, StringComparison.Ordinal));

        Assert.NotEqual(old, gateway.HostKeyFingerprint);
        Assert.Equal(255, refused.ExitCode);
        Assert.Contains("HOST IDENTIFICATION HAS CHANGED", refused.Error, StringComparison.Ordinal);
        Assert.Equal("fw-a2\n", accepted.Output);
    }

    public sealed class Pair() : TestbedFixture(new TestbedOptions { Gateways = 2 });
}

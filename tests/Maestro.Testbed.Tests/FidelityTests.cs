using Maestro.Testbeds.Machine;

namespace Maestro.Testbeds.Tests;

/// <summary>What a real host can do and a namespace might not.</summary>
public sealed class FidelityTests(FidelityTests.Single shared) : IClassFixture<FidelityTests.Single>
{
    private Testbed Bed => shared.Bed;

    private TestbedGateway Gateway => Bed.Gateways[0];

    [TestbedFact]
    public async Task A_ruleset_can_be_loaded_into_a_scratch_namespace_of_the_gateway()
    {
        var result = await Bed.RunSshAsync(Gateway, "sudo -n unshare -n sh -c 'nft -f - && nft list tables'", TestbedAccount.Sudo, "table inet scratch\n");

        Assert.Equal(new CommandResult(0, "table inet scratch\n", ""), result);
        Assert.DoesNotContain("scratch", await Bed.NftListAsync(Gateway), StringComparison.Ordinal);
    }

    [TestbedFact]
    public async Task A_lock_file_is_this_gateway_s_own()
    {
        Assert.Equal(0, (await Bed.RunSshAsync(Gateway, "flock -n /run/lock/maestro true")).ExitCode);
        Assert.False(File.Exists("/run/lock/maestro"));
    }

    [TestbedFact]
    public async Task A_terminal_can_be_had()
    {
        var result = await Machine.SystemCommand.RunAsync("ssh",
            ["-tt", "-F", "none", "-i", Bed.KeyPath, "-o", "IdentitiesOnly=yes", "-o", $"UserKnownHostsFile={Bed.KnownHostsPath}", "-o", "LogLevel=ERROR", $"toor@{Gateway.Address}", "tty"]);

        Assert.StartsWith("/dev/pts/", result.Output, StringComparison.Ordinal);
    }

    [TestbedFact]
    public async Task An_orphan_is_adopted_and_reaped()
    {
        (await Bed.RunSshAsync(Gateway, "setsid sh -c 'echo $$ > /run/orphan' >/dev/null 2>&1 </dev/null &")).EnsureSuccess();

        var zombies = await Traces.RemainingAsync(() => [.. HostProcesses.Of(Gateway).Where(process => process.State == 'Z').Select(process => $"{process}")]);

        Assert.Empty(zombies);
    }

    [TestbedFact]
    public async Task Connections_are_tracked_per_gateway()
    {
        await Bed.NftLoadAsync(Gateway, "table inet track { chain forward { type filter hook forward priority 0; policy accept; ct state established accept; }; }");
        await using var flow = await Bed.OpenTcpFlowAsync(Gateway, 7777, new TrafficOptions { Patience = TimeSpan.FromSeconds(20) });
        Assert.True(await flow.ExchangeAsync(TimeSpan.FromSeconds(20)));

        var tracked = await Bed.RunSshAsync(Gateway, "conntrack -L -p tcp --dport 7777 2>/dev/null");

        Assert.Contains($"src={Gateway.ClientAddress} dst={Gateway.ServerAddress} sport={flow.ClientPort} dport=7777", tracked.Output, StringComparison.Ordinal);
    }

    [TestbedFact]
    public async Task The_password_is_known_to_the_gateway_and_written_nowhere_in_clear()
    {
        var shadow = await File.ReadAllTextAsync(Gateway.PathOf("/etc/shadow"));
        var settings = await Bed.RunSshAsync(Gateway, "/usr/sbin/sshd -T | grep '^passwordauthentication'");

        Assert.Equal("passwordauthentication yes\n", settings.Output);
        Assert.Contains("toor:$6$", shadow, StringComparison.Ordinal);
        Assert.DoesNotContain(Single.Password, shadow, StringComparison.Ordinal);
    }

    [TestbedFact]
    public async Task The_password_opens_both_accounts()
    {
        var askpass = Path.Combine(Bed.DirectoryPath, "askpass");
        await File.WriteAllTextAsync(askpass, $"#!/bin/sh\necho '{Single.Password}'\n");
        File.SetUnixFileMode(askpass, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        foreach (var user in (string[])[Testbed.RootUser, Testbed.SudoUser])
        {
            var result = await Machine.SystemCommand.RunAsync("env",
            [
                $"SSH_ASKPASS={askpass}", "SSH_ASKPASS_REQUIRE=force", "ssh", "-F", "none", "-o", "PubkeyAuthentication=no", "-o", "LogLevel=ERROR",
                "-o", $"UserKnownHostsFile={Bed.KnownHostsPath}", $"{user}@{Gateway.Address}", "whoami; id -un",
            ]);

            Assert.Equal((0, user == Testbed.RootUser ? "root\nroot\n" : "maestro\nmaestro\n"), (result.ExitCode, result.Output));
        }
    }

    public sealed class Single() : TestbedFixture(new TestbedOptions { Gateways = 1, Password = Password })
    {
        public const string Password = "correct horse 42";
    }
}

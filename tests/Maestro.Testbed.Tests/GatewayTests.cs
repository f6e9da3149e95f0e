using System.Text.Json;

namespace Maestro.Testbeds.Tests;

public sealed class GatewayTests(SharedBed shared) : IClassFixture<SharedBed>
{
    private Testbed Bed => shared.Bed;

    [TestbedTheory]
    [InlineData(TestbedAccount.Root, "0")]
    [InlineData(TestbedAccount.Sudo, "4242")]
    public async Task Both_accounts_log_in_by_the_key(TestbedAccount account, string userId)
    {
        foreach (var gateway in Bed.Gateways)
        {
            var result = await Bed.RunSshAsync(gateway, "id -u; hostname; echo $0", account);

            Assert.Equal(new CommandResult(0, $"{userId}\n{gateway.Id}\nsh\n", ""), result);
        }
    }

    [TestbedFact]
    public async Task The_account_without_rights_becomes_root_by_sudo_without_a_question()
    {
        var refused = await Bed.RunSshAsync(Bed.Gateways[0], "/usr/sbin/nft list ruleset", TestbedAccount.Sudo);
        var granted = await Bed.RunSshAsync(Bed.Gateways[0], "sudo -n sh -c 'id -u && nft list tables > /dev/null'", TestbedAccount.Sudo);

        Assert.NotEqual(0, refused.ExitCode);
        Assert.Equal(new CommandResult(0, "0\n", ""), granted);
    }

    [TestbedFact]
    public async Task Each_gateway_has_files_of_its_own()
    {
        string[] paths = ["/var/lib/maestro/group", "/etc/maestro/policy", "/run/maestro/lock"];
        foreach (var gateway in Bed.Gateways)
        {
            var script = string.Concat(paths.Select(path => $"mkdir -p $(dirname {path}) && echo {gateway.Id} > {path}\n"));
            (await Bed.RunSshAsync(gateway, "sh", input: script)).EnsureSuccess();
        }

        foreach (var gateway in Bed.Gateways)
        {
            var read = await Bed.RunSshAsync(gateway, $"cat {string.Join(' ', paths)} /etc/hostname");

            Assert.Equal(string.Concat(Enumerable.Repeat(gateway.Id + "\n", 4)), read.Output);
            Assert.Equal($"{gateway.Id}\n", await File.ReadAllTextAsync(Path.Combine(gateway.DataDirectory, "group")));
        }

        Assert.All(paths, path => Assert.False(File.Exists(path)));
    }

    [TestbedFact]
    public async Task Each_gateway_has_rules_of_its_own()
    {
        var (first, second) = (Bed.Gateways[0], Bed.Gateways[1]);
        (await Bed.RunSshAsync(first, "nft add table inet only_here")).EnsureSuccess();

        Assert.Contains("table inet only_here", await Bed.NftListAsync(first), StringComparison.Ordinal);
        Assert.DoesNotContain("only_here", await Bed.NftListAsync(second), StringComparison.Ordinal);
        Assert.DoesNotContain("only_here", (await Bed.RunSshAsync(second, "nft list ruleset")).EnsureSuccess().Output, StringComparison.Ordinal);
    }

    [TestbedFact]
    public async Task Each_gateway_sees_its_own_processes()
    {
        var names = await Bed.RunSshAsync(Bed.Gateways[0], "cat /proc/1/comm; ls -d /proc/[0-9]* | wc -l");

        var lines = names.Output.Split('\n');
        Assert.Equal("sshd", lines[0]);
        Assert.InRange(int.Parse(lines[1]), 1, 20);
    }

    [TestbedFact]
    public async Task Each_gateway_shows_its_own_host_key()
    {
        foreach (var gateway in Bed.Gateways)
        {
            var scan = await Machine.SystemCommand.RunAsync("ssh-keyscan", ["-t", "ed25519,rsa", $"{gateway.Address}"]);

            var keys = scan.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line[(line.IndexOf(' ') + 1)..]);
            Assert.Equal(gateway.HostKeys.Order(), keys.Order());
        }

        Assert.Equal(3, Bed.Gateways.Select(gateway => gateway.HostKeyFingerprint).Distinct().Count());
    }

    [TestbedFact]
    public async Task The_fingerprint_is_the_one_that_ssh_prints()
    {
        var printed = await Machine.SystemCommand.RunAsync("ssh-keygen", ["-l", "-f", "-"], $"{Bed.Gateways[0].HostKey}\n");

        Assert.Equal(Bed.Gateways[0].HostKeyFingerprint, printed.EnsureSuccess().Output.Split(' ')[1]);
    }

    [TestbedFact]
    public async Task A_gateway_answers_on_its_IPv6_address()
    {
        foreach (var gateway in Bed.Gateways)
        {
            var result = await Bed.RunSshAsync(gateway, "hostname; echo $SSH_CONNECTION", address: gateway.AddressIPv6);

            Assert.StartsWith($"{gateway.Id}\nfd4d:6165:", result.Output, StringComparison.Ordinal);
        }
    }

    [TestbedFact]
    public async Task The_hidden_address_is_reached_through_the_jump_host_alone()
    {
        foreach (var gateway in Bed.Gateways)
        {
            var through = await Bed.RunSshThroughJumpHostAsync(gateway, "hostname; echo $SSH_CONNECTION");
            var fromHere = await Machine.SystemCommand.RunAsync("ip", ["route", "get", $"{gateway.HiddenAddress}"]);

            Assert.Equal($"{gateway.Id}\n10.93.0.5", through.EnsureSuccess().Output.Split(' ')[0]);
            Assert.DoesNotContain("dev mtb", fromHere.Output, StringComparison.Ordinal);
        }
    }

    [TestbedFact]
    public void The_inventory_lists_what_the_reader_needs()
    {
        var path = Path.Combine(Bed.DirectoryPath, "inventory.json");
        Bed.WriteInventory(path, new InventoryOptions { Account = TestbedAccount.Sudo });

        using var inventory = JsonDocument.Parse(File.ReadAllText(path));
        var defaults = inventory.RootElement.GetProperty("defaults");
        Assert.Equal("maestro", defaults.GetProperty("user").GetString());
        Assert.Equal("sudo", defaults.GetProperty("become").GetString());
        Assert.Equal(Bed.KeyPath, defaults.GetProperty("keyPath").GetString());
        var first = inventory.RootElement.GetProperty("gateways")[0];
        Assert.Equal("fw-a1", first.GetProperty("id").GetString());
        Assert.Equal($"{Bed.Gateways[0].Address}", first.GetProperty("address").GetString());
        Assert.Equal(Bed.Gateways[0].HostKey, first.GetProperty("hostKey").GetString());
        Assert.Equal(["eth1", "eth2"], first.GetProperty("downlinks").EnumerateArray().Select(link => link.GetProperty("interface").GetString()));
    }
}

using System.Globalization;
using System.Net;
using Maestro.Testbeds.Machine;

namespace Maestro.Testbeds;

public sealed partial class Testbed
{
    /// <summary>The login name of an account.</summary>
    public static string UserName(TestbedAccount account) => account == TestbedAccount.Root ? RootUser : SudoUser;

    /// <summary>Writes the bed as an inventory file for Connect-Maestro.</summary>
    public void WriteInventory(string path, InventoryOptions? options = null) => File.WriteAllText(path, InventoryText.Of(this, options ?? new InventoryOptions()));

    /// <summary>Runs a command on a host through the machine's own ssh, a process that shares nothing with the code under test.</summary>
    public Task<CommandResult> RunSshAsync(TestbedHost host, string command, TestbedAccount account = TestbedAccount.Root, string? input = null, IPAddress? address = null) =>
        SystemCommand.RunAsync("ssh", [.. SshArguments(host.Port), $"{UserName(account)}@{address ?? host.Address}", command], input);

    /// <summary>Runs a command on a gateway's hidden address through the jump host, by the machine's own ssh.</summary>
    public Task<CommandResult> RunSshThroughJumpHostAsync(TestbedGateway gateway, string command, TestbedAccount account = TestbedAccount.Root)
    {
        var jump = JumpHost ?? throw new TestbedException("The bed has no jump host.");
        var proxy = string.Join(' ', ["ssh", .. SshArguments(jump.Port), "-W", "%h:%p", $"{UserName(account)}@{jump.Address}"]);
        return SystemCommand.RunAsync("ssh", ["-o", $"ProxyCommand={proxy}", .. SshArguments(gateway.Port), $"{UserName(account)}@{gateway.HiddenAddress}", command]);
    }

    /// <summary>Runs a shell command inside a host (all its namespaces, as root) without SSH: works while its network is cut.</summary>
    public Task<CommandResult> RunInsideAsync(TestbedHost host, string command, string? input = null) =>
        SystemCommand.RunAsync("nsenter", ["-t", Number(host), "-m", "-u", "-i", "-n", "-p", "/bin/sh", "-c", command], input);

    /// <summary>
    /// What this machine's own nft says of a gateway's kernel: whatever the gateway's nft claims (<see cref="SetNftWrapper"/>), this is the truth.
    /// </summary>
    /// <param name="gateway">The gateway.</param>
    /// <param name="arguments">The arguments of nft.</param>
    public async Task<string> NftListAsync(TestbedHost gateway, params string[] arguments) =>
        (await SystemCommand.RunAsync("nsenter", [$"--net={gateway.NetworkNamespace}", "nft", .. arguments is [] ? ["list", "ruleset"] : arguments])).EnsureSuccess().Output;

    /// <summary>Loads rules into a gateway's kernel behind everybody's back, by this machine's own nft.</summary>
    public async Task NftLoadAsync(TestbedHost gateway, string rules) =>
        (await SystemCommand.RunAsync("nsenter", [$"--net={gateway.NetworkNamespace}", "nft", "-f", "-"], rules)).EnsureSuccess();

    private string[] SshArguments(int port) =>
    [
        "-F", "none", "-i", KeyPath, "-p", port.ToString(CultureInfo.InvariantCulture),
        "-o", "IdentitiesOnly=yes", "-o", "IdentityAgent=none", "-o", "BatchMode=yes", "-o", "StrictHostKeyChecking=yes",
        "-o", "LogLevel=ERROR", "-o", "ConnectTimeout=10", "-o", $"UserKnownHostsFile={KnownHostsPath}", "-o", "GlobalKnownHostsFile=none",
    ];

    private static string Number(TestbedHost host) => host.ProcessId.ToString(CultureInfo.InvariantCulture);
}

using Maestro.PowerShell.Tests.Hosting;
using Maestro.Testbeds;
using Xunit.Abstractions;

namespace Maestro.PowerShell.Tests.Cmdlets.Kills;

/// <summary>SIGKILL to a shell that changes real hosts, at a seeded random instant (with MAESTRO_ENDURANCE=1: ten). The next shell settles what is left.</summary>
public sealed class LinuxCmdletKillTests(ITestOutputHelper output)
{
    private const int LatestMilliseconds = 1500;

    private static readonly int Instants = Environment.GetEnvironmentVariable("MAESTRO_ENDURANCE") == "1" ? 10 : 1;

    [TestbedFact]
    public async Task A_policy_is_on_all_hosts_once_a_next_shell_has_synced_it()
    {
        await using var bed = await StartAsync();
        var random = new Random(20261124);
        for (var port = 8001; port <= 8000 + Instants; port++)
        {
            var call = $"Sync-Policy dmz -Path '{Policy(bed, port)}'";
            await KillAsync(bed, call, random.Next(LatestMilliseconds));
            await SettleAsync(bed, $"$report = {call}; $report.Outcome");
            foreach (var gateway in bed.Gateways.Take(2)) Assert.Contains($"tcp dport {port} drop", await bed.NftListAsync(gateway, "list", "ruleset"), StringComparison.Ordinal);
        }
    }

    [TestbedFact]
    public async Task A_host_is_a_member_with_the_groups_policy_once_a_next_shell_has_added_it()
    {
        await using var bed = await StartAsync();
        var random = new Random(20261125);
        for (var i = 0; i < Instants; i++)
        {
            await KillAsync(bed, "Add-GroupMember dmz fw-a3", random.Next(LatestMilliseconds));
            await SettleAsync(bed, "$null = Add-GroupMember dmz fw-a3");
            Assert.Contains("tcp dport 8000 drop", await bed.NftListAsync(bed.Gateways[2], "list", "ruleset"), StringComparison.Ordinal);
            if (i < Instants - 1) await MustRunAsync(bed, "Remove-GroupMember dmz 1_3 -Force -SkipCheck Capacity");
        }
    }

    private static async Task<Testbed> StartAsync()
    {
        var bed = await Testbed.StartAsync(new TestbedOptions { Gateways = 3 });
        bed.WriteInventory(Path.Combine(bed.DirectoryPath, "inventory.json"), new InventoryOptions());
        await MustRunAsync(bed, $"$null = New-SecurityGroup dmz -Gateway fw-a1,fw-a2; $null = Sync-Policy dmz -Path '{Policy(bed, 8000)}'");
        return bed;
    }

    private async Task KillAsync(Testbed bed, string call, int milliseconds)
    {
        await VictimShell.KillAsync(Connect(bed), call, TimeSpan.FromMilliseconds(milliseconds));
        output.WriteLine($"{call}: killed after {milliseconds} ms");
    }

    /// <summary>The next shell: nothing runs under the dead, what it does settles, and then all members hold one policy.</summary>
    private async Task SettleAsync(Testbed bed, string call)
    {
        const string States = "(Get-MaestroOperation | ForEach-Object { \"$($_.Kind) $($_.State)\" }) -join ', '";
        var said = await MustRunAsync(bed, $"'left: ' + ({States}); {call}; 'now: ' + ({States}); Get-GroupMember dmz | ForEach-Object {{ \"member: $($_.State) $($_.PolicyFingerprint)\" }}");
        foreach (var line in said.Lines) output.WriteLine(line);
        Assert.DoesNotContain("Running", said.Lines.Single(l => l.StartsWith("left: ", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.DoesNotMatch("Running|Orphaned|Paused|Unsettled", said.Lines.Single(l => l.StartsWith("now: ", StringComparison.Ordinal)));
        Assert.Matches("^member: Active [0-9a-f]{64}$", Assert.Single(said.Lines.Where(l => l.StartsWith("member: ", StringComparison.Ordinal)).Distinct()));
    }

    private static async Task<StartedProcess> MustRunAsync(Testbed bed, string script)
    {
        var run = await StartedProcess.Run(StartedAssembly.Shell, ["-Command", $"$ErrorActionPreference = 'Stop'; $null = {Connect(bed)}; {script}"]);
        Assert.True(run.ExitCode == 0, $"{script}: {run.Error}{run.Output}");
        return run;
    }

    private static string Connect(Testbed bed) =>
        $"Connect-Maestro '{Path.Combine(bed.DirectoryPath, "inventory.json")}' -KnownHostsPath '{bed.KnownHostsPath}' -StorePath '{Path.Combine(bed.DirectoryPath, "store.db")}'";

    private static string Policy(Testbed bed, int port)
    {
        var path = Path.Combine(bed.DirectoryPath, $"policy-{port}.nft");
        File.WriteAllText(path, $$"""
            table inet web {
                chain forward {
                    type filter hook forward priority 0; policy accept;
                    tcp dport {{port}} drop
                }
            }
            """);
        return path;
    }
}

using Maestro.PowerShell.Tests.Cmdlets;

namespace Maestro.PowerShell.Tests.Conventions;

/// <summary>-WhatIf on every cmdlet that changes something: the plan is shown, nothing is sent, not a byte is written.</summary>
public sealed class WhatIfTests
{
    // A call that would really change something in the world that is prepared below.
    private static readonly Dictionary<string, string> Calls = new()
    {
        ["Add-GroupMember"] = "Get-Gateway -Unassigned | Add-GroupMember dmz",
        ["Invoke-GroupFailover"] = "Invoke-GroupFailover dmz -Site 2 -SkipCheck Capacity",
        ["Move-GroupMember"] = "Move-GroupMember dmz 1_4 -Destination edge -SkipCheck Capacity",
        ["New-SecurityGroup"] = "Get-Gateway -Unassigned | New-SecurityGroup third",
        ["Publish-PendingChange"] = "Publish-PendingChange -IncludeForeign",
        ["Remove-GroupMember"] = "Remove-GroupMember dmz 1_4 -SkipCheck Capacity",
        ["Remove-SecurityGroup"] = "Remove-SecurityGroup dmz",
        ["Restart-GroupMember"] = "Restart-GroupMember dmz 1_1 -SkipCheck Capacity",
        ["Restore-Configuration"] = "Restore-Configuration dmz",
        ["Restore-Policy"] = "Restore-Policy dmz",
        ["Resume-GroupMember"] = "Resume-GroupMember dmz 1_2",
        ["Resume-MaestroOperation"] = "Get-MaestroOperation -State Paused | Resume-MaestroOperation",
        ["Set-Gateway"] = "Get-Gateway -Unassigned | Set-Gateway -Description other",
        ["Set-GroupDistribution"] = "Set-GroupDistribution dmz -Mode AutoTopology",
        ["Set-GroupMember"] = "Set-GroupMember dmz 1_1 -Weight 7",
        ["Set-OrchestratorPort"] = "Set-OrchestratorPort eth1-05 -Mtu 1500",
        ["Set-SecurityGroup"] = "Set-SecurityGroup dmz -Spare 0",
        ["Stop-MaestroOperation"] = "Get-MaestroOperation -State Paused | Stop-MaestroOperation",
        ["Suspend-GroupMember"] = "Suspend-GroupMember dmz 1_3 -SkipCheck Capacity",
        ["Suspend-MaestroOperation"] = "Get-MaestroOperation -State Paused | Suspend-MaestroOperation",
        ["Sync-Configuration"] = "Sync-Configuration dmz -Path $configuration",
        ["Sync-Policy"] = "Sync-Policy dmz -Path $policy",
        ["Undo-MaestroOperation"] = "Get-MaestroOperation -Kind NewSecurityGroup | Undo-MaestroOperation",
        ["Undo-PendingChange"] = "Undo-PendingChange -IncludeForeign",
    };

    public static TheoryData<string> ChangingNames => ModuleCmdlets.ChangingNames;

    [Theory]
    [MemberData(nameof(ChangingNames))]
    public void Nothing_is_sent_and_nothing_is_written(string name)
    {
        using var lab = new KeptLab();
        using var policy = new PolicyFile("table inet other { }\n");
        using var web = new PolicyFile();
        using var older = new PolicyFile("table inet older { }\n");
        using var configuration = new ConfigurationFile(forwarding: 1);
        using var olderConfiguration = new ConfigurationFile(forwarding: 0);
        using var otherConfiguration = new ConfigurationFile(forwarding: 2);
        using (var first = LabConsole.WithGroup(4, lab.Connect))
        {
            first.Run("(Get-Gateway -Unassigned -Site 2)[0] | Add-GroupMember dmz; New-SecurityGroup edge; $null = Sync-Policy dmz -Path $args[1]; $null = Sync-Policy dmz -Path $args[0]; $null = Sync-Configuration dmz -Path $args[2]; $null = Sync-Configuration dmz -Path $args[3]; Suspend-GroupMember dmz 1_2", web.Path, older.Path, olderConfiguration.Path, configuration.Path).MustSucceed();
            Assert.Single(first.Run("(Get-Gateway -Unassigned)[0] | Add-GroupMember edge -Timeout 60").Errors);
            // The lab's orchestrators follow their members when somebody looks.
            first.Run("Get-GroupDistribution dmz").MustSucceed();
        }

        // What is pending stands in the way of every other change of the topology.
        if (name.EndsWith("PendingChange", StringComparison.Ordinal)) lab.StageAsBob("edge", "");
        using var console = LabConsole.Open(lab.Connect);
        var before = lab.Fingerprint();
        var outcome = console.Run($"$policy = $args[0]; $configuration = $args[1]; {Calls[name]} -WhatIf", policy.Path, otherConfiguration.Path).MustSucceed();

        Assert.Empty(outcome.Output);
        Assert.Contains("What if: ", console.Host.Shown, StringComparison.Ordinal);
        Assert.Empty(console.Host.Questions);
        Assert.Equal(before, lab.Fingerprint());
    }
}

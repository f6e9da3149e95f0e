namespace Maestro.PowerShell.Tests.Cmdlets.Kills;

/// <summary>A row for each cmdlet that changes something, in a lab with group dmz of four members that have a policy.</summary>
internal static class CmdletKillRows
{
    private const string Members = "(Get-GroupMember dmz | Where-Object State -eq Active).Member -join ' '";
    private const string Edge = "(Get-GroupMember edge | Where-Object State -eq Active).Member -join ' '";
    private const string Added = "Get-MaestroOperation -Kind AddGroupMember";
    private const string Four = "1_1 1_2 1_3 1_4";
    private const string Five = Four + " 1_5";

    /// <summary>Leaves an operation at rest past its point of no return: the gateway is assigned and has not joined yet.</summary>
    private const string RestHalfWay = "Add-GroupMember dmz $free -Timeout 60 -ErrorAction SilentlyContinue";

    public static IReadOnlyDictionary<string, CmdletKillRow> All { get; } = new Dictionary<string, CmdletKillRow>
    {
        ["Add-GroupMember"] = new() { Call = "Add-GroupMember dmz $free", Look = Members, Want = Five },
        ["Invoke-GroupFailover"] = new() { Prepare = "(Get-Gateway -Unassigned -Site 2)[0] | Add-GroupMember dmz", Call = "Invoke-GroupFailover dmz -Site 2 -SkipCheck Capacity -Force", Look = "(Get-GroupMember dmz 2_1).State", Want = "Suspended" },
        ["Move-GroupMember"] = new() { Prepare = "New-SecurityGroup edge", Call = "Move-GroupMember dmz 1_4 -Destination edge", Look = Edge, Want = "1_1" },
        ["New-SecurityGroup"] = new() { Call = "New-SecurityGroup edge -Gateway $free", Look = Edge, Want = "1_1" },
        ["Publish-PendingChange"] = new() { Prepare = "Add-GroupMember dmz $free -Stage", Call = "Publish-PendingChange", Look = Members, Want = Five },
        ["Remove-GroupMember"] = new() { Call = "Remove-GroupMember dmz 1_4 -Force", Look = Members, Want = "1_1 1_2 1_3" },
        ["Remove-SecurityGroup"] = new() { Prepare = "New-SecurityGroup edge -Gateway $free", Call = "Remove-SecurityGroup edge -Force", Look = "(Get-SecurityGroup).Name -join ' '", Want = "dmz" },
        ["Restart-GroupMember"] = new() { Call = "Restart-GroupMember dmz 1_1 -Force", Look = Members, Want = Four },
        // The same call again must not go back one further.
        ["Restore-Policy"] = new()
        {
            Prepare = "$null = Sync-Policy dmz -Path $policy",
            Call = "Restore-Policy dmz -Force",
            Look = "$first = Get-PolicyVersion dmz -Version 1; @(Get-GroupMember dmz | Where-Object PolicyFingerprint -eq $first.Fingerprint).Count",
            Want = "4",
        },
        ["Restore-Configuration"] = new()
        {
            Prepare = "$null = Sync-Configuration dmz -Path $configuration; $null = Sync-Configuration dmz -Path $second",
            Call = "Restore-Configuration dmz -Force",
            Look = "$first = Get-ConfigurationVersion dmz -Version 1; @(Get-GroupMember dmz | Where-Object ConfigurationFingerprint -eq $first.Fingerprint).Count",
            Want = "4",
        },
        ["Resume-GroupMember"] = new() { Prepare = "Suspend-GroupMember dmz 1_3", Call = "Resume-GroupMember dmz 1_3", Look = Members, Want = Four },
        ["Resume-MaestroOperation"] = new() { Prepare = RestHalfWay, Call = Added + " | Resume-MaestroOperation", Look = Members, Want = Five },
        ["Set-Gateway"] = new() { Call = "Set-Gateway $free -Description killed", Look = "(Get-Gateway $free).Description", Want = "killed" },
        ["Set-GroupDistribution"] = new() { Call = "Set-GroupDistribution dmz -Mode AutoTopology -Layer4 $false", Look = "(Get-SecurityGroup dmz).Distribution", Want = "Auto" },
        ["Set-GroupMember"] = new() { Call = "Set-GroupMember dmz 1_2 -Weight 7", Look = "(Get-GroupMember dmz 1_2).Weight", Want = "7" },
        ["Set-OrchestratorPort"] = new() { Call = "Set-OrchestratorPort eth1-05 -Mtu 1500", Look = "(Get-OrchestratorPort eth1-05).Mtu", Want = "1500" },
        ["Set-SecurityGroup"] = new() { Call = "Set-SecurityGroup dmz -Description killed", Look = "(Get-SecurityGroup dmz).Description", Want = "killed" },
        ["Stop-MaestroOperation"] = new() { Prepare = RestHalfWay, Call = Added + " | Stop-MaestroOperation -Force", Look = $"({Added}).State", Want = "Stopped" },
        ["Suspend-GroupMember"] = new() { Call = "Suspend-GroupMember dmz 1_3", Look = "(Get-GroupMember dmz 1_3).State", Want = "Suspended" },
        ["Suspend-MaestroOperation"] = new()
        {
            Call = "Add-GroupMember dmz $free -NoWait | Suspend-MaestroOperation",
            Next = "Add-GroupMember dmz $free",
            Look = Members,
            Want = Five,
            Speed = 200,
        },
        ["Sync-Configuration"] = new() { Call = "Sync-Configuration dmz -Path $configuration", Look = "@(Get-GroupMember dmz | Where-Object ConfigurationFingerprint).Count", Want = "4" },
        ["Sync-Policy"] = new() { Call = "Sync-Policy dmz -Path $policy", Look = "@(Get-GroupMember dmz | Where-Object PolicyVersion -gt 1).Count", Want = "4" },
        ["Undo-MaestroOperation"] = new() { Prepare = RestHalfWay, Call = Added + " | Undo-MaestroOperation -Force", Look = Members, Want = Four },
        ["Undo-PendingChange"] = new() { Prepare = "Add-GroupMember dmz $free -Stage", Call = "Undo-PendingChange", Look = "@(Get-PendingChange).Count", Want = "0" },
    };
}

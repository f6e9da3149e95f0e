<#
.SYNOPSIS
Makes one Security Group of all the Linux hosts of an inventory and gives them one firewall policy. Safe to run as often as you like.
.DESCRIPTION
Makes the group if it is absent, adds the gateways that are not in it, and syncs the policy. Whatever is so already is left alone, and the
last line says whether anything was changed. The script stops at the first error; its exit code is then 1.
.PARAMETER Inventory
The inventory file: which hosts there are and how they are reached.
.PARAMETER Policy
An nftables file, or a folder of fragments in the order of their names.
.PARAMETER Group
The Security Group's name.
.PARAMETER Message
Your words for the journal: a change number, a commit.
.PARAMETER KeyPath
The private key, where the inventory names none; env:NAME for one that lies on no disk.
.PARAMETER KnownHostsPath
The file that vouches for the hosts' keys; ~/.ssh/known_hosts when absent.
.PARAMETER TrustOnFirstUse
Remembers the key that an unknown host shows first.
.PARAMETER StorePath
The file of the journal; in the user's state folder when absent.
.EXAMPLE
dotnet run --project src/Maestro.Shell -- examples/LinuxGateways.ps1 ./fra.json -Message CHG0042
.EXAMPLE
./examples/LinuxGateways.ps1 ./fra.json -Policy ./examples/policy -Group edge
#>
param(
    [Parameter(Mandatory)][string]$Inventory,
    [string]$Policy = "$PSScriptRoot/web.nft",
    [string]$Group = 'dmz',
    [string]$Message = '',
    [string]$KeyPath,
    [string]$KnownHostsPath,
    [switch]$TrustOnFirstUse,
    [string]$StorePath
)

$ErrorActionPreference = 'Stop'
# Maestro.Shell has the module loaded. PowerShell 7 finds it where it is installed, else where "build.ps1 -Task Build" puts it.
if (-not (Get-Command Connect-Maestro -ErrorAction Ignore)) { Import-Module "$PSScriptRoot/../out/Maestro" }

$access = @{ TrustOnFirstUse = $TrustOnFirstUse }
if ($KeyPath) { $access.KeyPath = $KeyPath }
if ($KnownHostsPath) { $access.KnownHostsPath = $KnownHostsPath }
if ($StorePath) { $access.StorePath = $StorePath }
Connect-Maestro $Inventory @access | Out-Default
$before = @(Get-MaestroOperation -SecurityGroup $Group).Id

if (-not (Get-SecurityGroup $Group -ErrorAction Ignore)) {
    New-SecurityGroup $Group -Message $Message | Out-Null
}

# All at once: one operation, one change of the group. A gateway of another group is left where it is.
Get-Gateway | Where-Object SecurityGroup -in '', $Group | Add-GroupMember $Group -Message $Message | Out-Null

# On all members, proven by reading it back from each kernel; or on none, and an error.
Sync-Policy $Group -Path $Policy -Message $Message | Out-Default
Get-GroupMember $Group | Out-Default

$changes = @(Get-MaestroOperation -SecurityGroup $Group | Where-Object { $_.Changed -and $_.Id -notin $before })
if ($changes) {
    $changes | Out-Default
    "'$Group' was changed, as the table says. Run this again: nothing more will be sent."
}
else {
    "'$Group' is as wanted: nothing was sent."
}

Disconnect-Maestro

<#
.SYNOPSIS
Makes a Security Group of the Linux hosts of an inventory, gives all of them one policy, and proves it. Safe to run twice.
.EXAMPLE
dotnet run --project src/Maestro.Shell -- examples/LinuxGateways.ps1 -Inventory ./fra.json -Policy ./examples/web.nft -KnownHostsPath ./known_hosts
#>
param(
    [string]$Inventory,
    [string]$Policy = "$PSScriptRoot/web.nft",
    [string]$Group = 'dmz',
    [string]$KnownHostsPath,
    [string]$StorePath
)

$ErrorActionPreference = 'Stop'
if (-not (Get-Command Connect-Maestro -ErrorAction Ignore)) { Import-Module Maestro }

$access = @{}
if ($KnownHostsPath) { $access.KnownHostsPath = $KnownHostsPath }
if ($StorePath) { $access.StorePath = $StorePath }
Connect-Maestro $Inventory @access | Out-Default
Get-Gateway | Out-Default

$before = (Get-MaestroOperation).Count
if (-not (Get-SecurityGroup $Group -ErrorAction Ignore)) { New-SecurityGroup $Group | Out-Null }
Get-Gateway | Add-GroupMember $Group | Out-Null
Sync-Policy $Group -Path $Policy | Out-Default
Get-GroupMember $Group | Out-Default

if ((Get-MaestroOperation).Count -eq $before) { 'Nothing had to be changed, and nothing was sent.' }
else { Get-MaestroOperation | Out-Default }
Disconnect-Maestro

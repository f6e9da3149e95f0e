<#
.SYNOPSIS
The first five minutes with Maestro, in the built-in lab: nothing is needed, nothing outside is touched.
.DESCRIPTION
A Security Group is made of four gateways, gets a firewall policy, loses a member for a disk and gets it back.
Every table goes to Out-Default by itself: in one stream, PowerShell prints what follows a table of another type as a list.
.PARAMETER Seed
One seed is one lab: the same gateways, the same times, the same output.
.EXAMPLE
dotnet run --project src/Maestro.Shell -- examples/Quickstart.ps1
.EXAMPLE
./examples/Quickstart.ps1 -Seed 7
#>
param([int]$Seed = 1)

$ErrorActionPreference = 'Stop'
# Maestro.Shell has the module loaded. PowerShell 7 finds it where it is installed, else where "build.ps1 -Task Build" puts it.
if (-not (Get-Command Connect-Maestro -ErrorAction Ignore)) { Import-Module "$PSScriptRoot/../out/Maestro" }

function Say([string]$Text) { "`n--- $Text" | Out-Default }

Say 'A lab: two sites, four orchestrators, twelve gateways of two models.'
Connect-Maestro -Lab -Seed $Seed | Out-Default
Get-Gateway | Out-Default

Say 'A Security Group of four gateways, in one operation. They take minutes to join and boot, which pass on a virtual clock.'
(Get-Gateway -Unassigned -Site 1)[0..3] | New-SecurityGroup dmz -Description 'web servers' | Out-Default

Say 'One firewall policy on all of them, or on none.'
Sync-Policy dmz -Path "$PSScriptRoot/web.nft" -Message 'first policy' | Out-Default
Get-GroupMember dmz | Out-Default

Say 'The same again: every member is proven to hold it, so nothing is sent.'
Sync-Policy dmz -Path "$PSScriptRoot/web.nft" | Out-Default

Say 'A member shall go out for a disk. First: what would happen?'
Suspend-GroupMember dmz 1_2 -Message 'disk swap CHG0042' -WhatIf

Say 'Then really. Who took it out and why stands beside it, and it stays out until somebody brings it back.'
Suspend-GroupMember dmz 1_2 -Message 'disk swap CHG0042'
Get-GroupMember dmz | Out-Default

Say 'One more would be one too many. That is refused, with the arithmetic, before anything is sent.'
try { Suspend-GroupMember dmz 1_3 } catch { "$_" | Out-Default }

Say 'The disk is in: back it comes, policy first, then traffic.'
Resume-GroupMember dmz 1_2 -PassThru | Out-Default

Say 'A gateway of the other site joins. It holds the policy before it carries traffic.'
(Get-Gateway -Unassigned -Site 2)[0] | Add-GroupMember dmz | Out-Default
Get-SecurityGroup dmz | Out-Default

Say 'All that was done, newest first, from the journal.'
Get-MaestroOperation | Out-Default

Disconnect-Maestro

<#
.SYNOPSIS
The first five minutes with Maestro, in the built-in lab: nothing is needed, nothing outside is touched.
.DESCRIPTION
Every table is sent to Out-Default by itself: PowerShell prints what follows another type in one stream as a list.
.EXAMPLE
dotnet run --project src/Maestro.Shell -- examples/Quickstart.ps1
#>
param([int]$Seed = 1)

$ErrorActionPreference = 'Stop'
if (-not (Get-Command Connect-Maestro -ErrorAction Ignore)) { Import-Module Maestro }
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

Say 'A member goes out for a disk. First: what would happen?'
Suspend-GroupMember dmz 1_2 -Message 'disk swap CHG0042' -WhatIf

Say 'Then really. It keeps who and why, and survives restarts.'
Suspend-GroupMember dmz 1_2 -Message 'disk swap CHG0042'
Get-GroupMember dmz | Out-Default

Say 'And back: policy first, then traffic.'
Resume-GroupMember dmz 1_2 -PassThru | Out-Default

Say 'A gateway of the other site joins; it has the policy before it carries traffic.'
(Get-Gateway -Unassigned -Site 2)[0] | Add-GroupMember dmz | Out-Default
Get-SecurityGroup | Out-Default

Say 'Everything that was done, from the journal.'
Get-MaestroOperation | Out-Default

Disconnect-Maestro

# Runs the tests beside it against a built module, and ends with their counts for build.ps1.
param([Parameter(Mandatory)][string]$Manifest)
$ErrorActionPreference = 'Stop'
Import-Module Pester -MinimumVersion 5.0
Import-Module $Manifest
$configuration = New-PesterConfiguration
$configuration.Run.Path = $PSScriptRoot
$configuration.Run.PassThru = $true
$configuration.Output.Verbosity = 'Normal'
$run = Invoke-Pester -Configuration $configuration
"pester: $($run.PassedCount) $($run.FailedCount) $($run.SkippedCount + $run.NotRunCount)"

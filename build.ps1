<#
.SYNOPSIS
Builds, tests and measures Maestro.
.DESCRIPTION
Runs in PowerShell 7, and where there is none in Maestro.Shell:

    dotnet run --project src/Maestro.Shell -- build.ps1 -Task Test

The tasks themselves are in eng/Maestro.Build.
.PARAMETER Task
Build      an importable module in out/Maestro/<version>
Test       all tests; the last line is the sum, and the exit code tells
Pester     the tests in tests/Pester alone, where a pwsh with Pester 5 is installed
Endurance  all tests, with the long fault matrices in full
Bench      the benchmarks in bench/
Simulate   seeded histories for -Hours
Clean      removes out/ and every bin/ and obj/
.PARAMETER NoInstall
Leaves packages that the tests on real gateways need missing, and those tests skipped.
.PARAMETER Hours
How long Endurance and Simulate go on.
.PARAMETER Filter
Only tests whose full name contains this; or a whole filter expression of dotnet test.
#>
param(
    [ValidateSet('Build', 'Test', 'Pester', 'Endurance', 'Bench', 'Simulate', 'Clean')]
    [string]$Task = 'Build',
    [switch]$NoInstall,
    [double]$Hours,
    [string]$Filter
)

$ErrorActionPreference = 'Stop'
$env:DOTNET_CLI_TELEMETRY_OPTOUT = '1'
$env:DOTNET_NOLOGO = '1'

$arguments = @($Task)
if ($NoInstall) { $arguments += '--no-install' }
if ($Hours -gt 0) { $arguments += '--hours', $Hours.ToString([cultureinfo]::InvariantCulture) }
if ($Filter) { $arguments += '--filter', $Filter }

& dotnet run --project "$PSScriptRoot/eng/Maestro.Build" -- @arguments
exit $LASTEXITCODE

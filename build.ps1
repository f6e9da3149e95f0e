<#
.SYNOPSIS
Builds, tests and measures Maestro.
.DESCRIPTION
Runs in PowerShell 7, and in Maestro.Shell where there is none: dotnet run --project src/Maestro.Shell -- build.ps1 -Task Test
So it uses core cmdlets and .NET only.
#>
param(
    [ValidateSet('Build', 'Test', 'Pester', 'Endurance', 'Bench', 'Clean')]
    [string]$Task = 'Build',

    # Test, Endurance: leaves missing packages of the real-gateway tests missing.
    [switch]$NoInstall,

    # Test: only tests whose full name contains this.
    [string]$Filter
)

$ErrorActionPreference = 'Stop'
$root = $PSScriptRoot
$results = [IO.Path]::Combine($root, 'out', 'test-results')
$env:DOTNET_CLI_TELEMETRY_OPTOUT = '1'
$env:DOTNET_NOLOGO = '1'

# What the real-gateway tests need, and the file by which it is seen to be there.
$gatewayPackages = [ordered]@{
    'openssh-server' = '/usr/sbin/sshd'
    'openssh-client' = '/usr/bin/ssh'
    'nftables'       = '/usr/sbin/nft'
    'iproute2'       = '/usr/sbin/ip', '/sbin/ip'
    'conntrack'      = '/usr/sbin/conntrack'
    'sudo'           = '/usr/bin/sudo'
}

function Test-DebianRoot {
    [IO.File]::Exists('/etc/debian_version') -and [Environment]::UserName -eq 'root'
}

function Install-GatewayPackage {
    if (-not (Test-DebianRoot)) {
        'Real-gateway tests need root on Debian: they are skipped here, each with its reason.'
        return
    }
    $missing = @($gatewayPackages.Keys | Where-Object { -not ($gatewayPackages[$_] | Where-Object { [IO.File]::Exists($_) }) })
    if ($missing.Count -gt 0 -and $NoInstall) {
        "Real-gateway tests lack $($missing -join ', '); -NoInstall leaves it so, and they are skipped."
        return
    }
    if ($missing.Count -gt 0) {
        "Installing what the real-gateway tests need: $($missing -join ', ')"
        $env:DEBIAN_FRONTEND = 'noninteractive'
        & apt-get update -qq
        & apt-get install -y -qq --no-install-recommends @missing
        if ($LASTEXITCODE -ne 0) { throw "apt-get could not install $($missing -join ', ')." }
    }
    # From here a real-gateway test that is skipped is a failure.
    $env:MAESTRO_REQUIRE_TESTBED = '1'
}

function Invoke-DotNet {
    & dotnet @args
    if ($LASTEXITCODE -ne 0) { throw "dotnet $($args[0]) failed with exit code $LASTEXITCODE." }
}

# Runs all test projects; the last line is the sum. Returns nothing: failure is the exit code.
function Invoke-Test {
    Install-GatewayPackage
    if ([IO.Directory]::Exists($results)) { [IO.Directory]::Delete($results, $true) }
    $arguments = @('test', "$root/Maestro.sln", '--nologo', '-m:1', '-v', 'quiet', '--logger', 'trx', '--logger', 'console;verbosity=quiet', '--results-directory', $results)
    if ($Filter) { $arguments += '--filter', "FullyQualifiedName~$Filter" }
    & dotnet @arguments
    $exit = $LASTEXITCODE

    $passed = 0
    $failed = 0
    $skipped = 0
    if ([IO.Directory]::Exists($results)) {
        foreach ($file in [IO.Directory]::GetFiles($results, '*.trx')) {
            $run = [Xml.Linq.XDocument]::Load($file)
            $space = $run.Root.Name.Namespace
            foreach ($result in $run.Descendants($space + 'UnitTestResult')) {
                $name = $result.Attribute('testName').Value
                switch ($result.Attribute('outcome').Value) {
                    'Passed' { $passed++ }
                    'NotExecuted' {
                        $skipped++
                        $why = ($result.Descendants($space + 'Message') | ForEach-Object { $_.Value }) -join ' '
                        "skipped: $name $why"
                    }
                    default { $failed++ }
                }
            }
        }
    }
    $pester = Get-PesterShell
    if (-not $pester) {
        $count = @([IO.Directory]::GetFiles("$root/tests/Pester", '*.Tests.ps1')).Count
        "skipped: tests/Pester ($count files): no pwsh with Pester 5 is on the path"
        $skipped += $count
    }
    else {
        $outcome = Invoke-Pester5 $pester
        $passed += $outcome[0]
        $failed += $outcome[1]
        $skipped += $outcome[2]
    }
    if ($exit -ne 0 -and $failed -eq 0) {
        'dotnet test failed before or beside the tests.'
        $failed++
    }
    "$passed passed, $failed failed, $skipped skipped"
    if ($failed -gt 0) { exit 1 }
}

function Get-PesterShell {
    foreach ($folder in $env:PATH.Split([IO.Path]::PathSeparator)) {
        $candidate = [IO.Path]::Combine($folder, 'pwsh')
        if (-not [IO.File]::Exists($candidate) -and -not [IO.File]::Exists("$candidate.exe")) { continue }
        $version = & $candidate -NoProfile -NonInteractive -Command '(Get-Module Pester -ListAvailable | Sort-Object Version -Descending | Select-Object -First 1).Version.Major'
        if ($version -ge 5) { return $candidate }
    }
}

# Answers passed, failed and skipped.
function Invoke-Pester5([string]$Shell) {
    $module = @(Publish-Module)[-1]
    $script = "
        Import-Module '$module/Maestro.psd1'
        `$configuration = New-PesterConfiguration
        `$configuration.Run.Path = '$root/tests/Pester'
        `$configuration.Run.PassThru = `$true
        `$configuration.Output.Verbosity = 'None'
        `$run = Invoke-Pester -Configuration `$configuration
        `$run.Failed | ForEach-Object { [Console]::Error.WriteLine(`$_.ExpandedPath + ': ' + `$_.ErrorRecord) }
        '{0} {1} {2}' -f `$run.PassedCount, `$run.FailedCount, (`$run.SkippedCount + `$run.NotRunCount)
    "
    $line = @(& $Shell -NoProfile -NonInteractive -Command $script)[-1]
    $line.Split(' ') | ForEach-Object { [int]$_ }
}

# Puts an importable module into out/Maestro/<version> and answers where.
function Publish-Module {
    $version = [regex]::Match([IO.File]::ReadAllText("$root/Maestro.psd1"), "ModuleVersion\s*=\s*'([\d.]+)'").Groups[1].Value
    $folder = "$root/out/Maestro/$version/"
    Invoke-DotNet build "$root/src/Maestro.PowerShell" --nologo -v quiet -c Release "-p:ModuleDirectory=$folder"
    $folder
}

switch ($Task) {
    'Build' {
        "Import-Module $(@(Publish-Module)[-1])Maestro.psd1"
    }
    'Test' { Invoke-Test }
    'Endurance' {
        # Every entry of every fault matrix instead of a seeded sample.
        $env:MAESTRO_ENDURANCE = '1'
        Invoke-Test
    }
    'Pester' {
        $shell = Get-PesterShell
        if (-not $shell) {
            'No pwsh with Pester 5 is on the path: the tests in tests/Pester are skipped.'
            return
        }
        $outcome = Invoke-Pester5 $shell
        "$($outcome[0]) passed, $($outcome[1]) failed, $($outcome[2]) skipped"
        if ($outcome[1] -gt 0) { exit 1 }
    }
    'Bench' { Invoke-DotNet run -c Release --project "$root/bench/Maestro.Bench" }
    'Clean' {
        foreach ($folder in [IO.Directory]::GetDirectories($root, '*', 'AllDirectories') | Where-Object { $_ -match '[\\/](bin|obj)$' -and $_ -notmatch 'Maestro\.Shell' }) {
            if ([IO.Directory]::Exists($folder)) { [IO.Directory]::Delete($folder, $true) }
        }
        if ([IO.Directory]::Exists("$root/out")) { [IO.Directory]::Delete("$root/out", $true) }
        'Clean, but for the Shell that may be running this: delete src/Maestro.Shell/bin and obj by hand.'
    }
}

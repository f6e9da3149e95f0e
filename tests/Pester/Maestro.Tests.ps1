# In a real pwsh: what only a full PowerShell shows. The module is imported by build.ps1 -Task Pester.
BeforeAll {
    Connect-Maestro -Lab | Out-Null
    Get-Gateway -Unassigned -Site 1 | Select-Object -First 4 | New-SecurityGroup dmz | Out-Null
    Sync-Policy dmz -Path "$PSScriptRoot/../../examples/web.nft" | Out-Null
}

AfterAll {
    Disconnect-Maestro
}

Describe 'A group in the lab' {
    It 'has four active members on one policy' {
        $members = Get-GroupMember dmz
        $members.Count | Should -Be 4
        @($members.PolicyFingerprint | Select-Object -Unique).Count | Should -Be 1
    }

    It 'keeps its journal closed when Select-Object stops the pipeline' {
        Get-GroupMember dmz | Suspend-GroupMember -SkipCheck Capacity, LastActive -PassThru | Select-Object -First 1 | Out-Null
        Get-MaestroOperation -Newest 1 | Select-Object -ExpandProperty State | Should -Be 'Succeeded'
        Get-GroupMember dmz | Resume-GroupMember
    }

    It 'reads back what ConvertTo-Csv wrote' {
        $csv = Get-GroupMember dmz | Select-Object SecurityGroup, Member | ConvertTo-Csv | ConvertFrom-Csv
        $csv | Suspend-GroupMember -WhatIf
        (Get-GroupMember dmz -State Suspended) | Should -BeNullOrEmpty
    }

    It 'lives beside -Prefix' {
        $module = (Get-Module Maestro).Path
        Import-Module ($module -replace 'Maestro.PowerShell.dll$', 'Maestro.psd1') -Prefix Cp -Force
        Get-Command Get-CpGroupMember | Should -Not -BeNullOrEmpty
    }
}

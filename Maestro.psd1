@{
    RootModule             = 'Maestro.PowerShell.dll'
    NestedModules          = @('Maestro.Loader.dll')
    ModuleVersion          = '0.1.0'
    GUID                   = '5f0c0c6e-6a55-4d8b-9d0d-0a8f1d3f6b27'
    Author                 = 'The Maestro maintainers'
    CompanyName            = 'The Maestro maintainers'
    Copyright              = '(c) 2026 The Maestro maintainers. MIT licence.'
    Description            = 'Security Groups of firewalls as one managed object: plan a change, run it without the traffic noticing, prove it.'
    PowerShellVersion      = '5.1'
    CompatiblePSEditions   = @('Core', 'Desktop')
    DotNetFrameworkVersion = '4.7.2'

    CmdletsToExport        = @(
        'Add-GroupMember',
        'Compare-Configuration',
        'Compare-Policy',
        'Connect-Maestro',
        'Disconnect-Maestro',
        'Get-ConfigurationVersion',
        'Get-Gateway',
        'Get-GroupDistribution',
        'Get-GroupHealth',
        'Get-GroupMember',
        'Get-GroupStateSync',
        'Get-MaestroEvent',
        'Get-MaestroOperation',
        'Get-MaestroSession',
        'Get-Orchestrator',
        'Get-OrchestratorPort',
        'Get-PendingChange',
        'Get-PolicyVersion',
        'Get-SecurityGroup',
        'Invoke-GroupFailover',
        'Move-GroupMember',
        'New-SecurityGroup',
        'Publish-PendingChange',
        'Remove-GroupMember',
        'Remove-SecurityGroup',
        'Resolve-GroupFlow',
        'Restart-GroupMember',
        'Restore-Configuration',
        'Restore-Policy',
        'Resume-GroupMember',
        'Resume-MaestroOperation',
        'Set-Gateway',
        'Set-GroupDistribution',
        'Set-GroupMember',
        'Set-OrchestratorPort',
        'Set-SecurityGroup',
        'Stop-MaestroOperation',
        'Suspend-GroupMember',
        'Suspend-MaestroOperation',
        'Sync-Configuration',
        'Sync-Policy',
        'Test-SecurityGroup',
        'Undo-MaestroOperation',
        'Undo-PendingChange',
        'Wait-MaestroOperation',
        'Watch-SecurityGroup'
    )
    AliasesToExport        = @()
    FunctionsToExport      = @()
    VariablesToExport      = @()
    FormatsToProcess       = @(
        'Formats/Check.Format.ps1xml',
        'Formats/Event.Format.ps1xml',
        'Formats/Configuration.Format.ps1xml',
        'Formats/Distribution.Format.ps1xml',
        'Formats/Fabric.Format.ps1xml',
        'Formats/GroupMember.Format.ps1xml',
        'Formats/Health.Format.ps1xml',
        'Formats/Operation.Format.ps1xml',
        'Formats/PendingChange.Format.ps1xml',
        'Formats/Policy.Format.ps1xml',
        'Formats/SecurityGroup.Format.ps1xml',
        'Formats/Session.Format.ps1xml'
    )
    TypesToProcess         = @('Formats/Maestro.Types.ps1xml')

    PrivateData            = @{
        PSData = @{
            Tags       = @('Firewall', 'Network', 'Cluster', 'nftables', 'PSEdition_Core', 'PSEdition_Desktop')
            LicenseUri = 'https://opensource.org/license/mit'
        }
    }
}

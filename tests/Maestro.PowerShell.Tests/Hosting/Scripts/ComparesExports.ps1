param($Manifest)
$module = Import-Module $Manifest -PassThru
$declared = [AppDomain]::CurrentDomain.GetAssemblies().Where({ $_.GetName().Name -eq 'Maestro.PowerShell' })[0].GetExportedTypes().ForEach({
        $cmdlet = [Reflection.CustomAttributeExtensions]::GetCustomAttribute($_, [Management.Automation.CmdletAttribute], $false)
        if ($cmdlet) { "$($cmdlet.VerbName)-$($cmdlet.NounName)" }
    })
$declared.Where({ $_ -notin $module.ExportedCmdlets.Keys }).ForEach({ "not exported: $_" })
$module.ExportedCmdlets.Keys.Where({ $_ -notin $declared }).ForEach({ "no such cmdlet: $_" })
"compared $($declared.Count -gt 0)"

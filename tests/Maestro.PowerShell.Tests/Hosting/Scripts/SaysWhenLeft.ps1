param($Manifest, $Remove)
Import-Module $Manifest
$assembly = [AppDomain]::CurrentDomain.GetAssemblies().Where({ $_.GetName().Name -eq 'Maestro.PowerShell' })[0]
$say = [Delegate]::CreateDelegate([Action[Management.Automation.Runspaces.Runspace]], [Console].GetMethod('WriteLine', [type[]]@([object])))
$null = $assembly.GetType('Maestro.PowerShell.Hosting.ModuleRemoval').GetMethod('Register').Invoke($null, @($say))
if ($Remove) { Remove-Module Maestro }
[Console]::WriteLine('end of script')

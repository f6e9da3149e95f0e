param($Manifest, $Decoy)
Import-Module $Decoy
Get-Decoy
Import-Module $Manifest
Connect-Maestro -Lab > $null
"gateways: $(@(Get-Gateway).Count)"
Disconnect-Maestro
$engine = [Reflection.Assembly]::Load('Maestro.Engine')
$context = [Runtime.Loader.AssemblyLoadContext]::GetLoadContext($engine)
"engine in $($context.Name)"
$json = $context.LoadFromAssemblyName('Newtonsoft.Json')
$json.GetType('Newtonsoft.Json.JsonConvert')::SerializeObject(@(1, 2))
"Newtonsoft.Json $([Diagnostics.FileVersionInfo]::GetVersionInfo($json.Location).FileVersion)"
$ssh = $context.LoadFromAssemblyName('Renci.SshNet')
$ssh.GetType('Renci.SshNet.PasswordConnectionInfo')::new('192.0.2.1', 'maestro', 'unused').Username
"Renci.SshNet $($ssh.GetName().Version.Major)"
Get-Decoy

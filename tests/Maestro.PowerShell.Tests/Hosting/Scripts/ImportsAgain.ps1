param($Manifest)
Import-Module $Manifest
$first = [Reflection.Assembly]::Load('Maestro.Engine')
Import-Module $Manifest -Force
Remove-Module Maestro
Import-Module $Manifest
$second = [Reflection.Assembly]::Load('Maestro.Engine')
"same engine: $([object]::ReferenceEquals($first, $second))"
"contexts: $([Runtime.Loader.AssemblyLoadContext]::All.Where({ $_.Name -eq 'Maestro' }).Count)"

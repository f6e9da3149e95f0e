param($Manifest)
Import-Module $Manifest
[AppDomain]::CurrentDomain.GetAssemblies().Where({ -not $_.IsDynamic }).ForEach({ $_.Location })

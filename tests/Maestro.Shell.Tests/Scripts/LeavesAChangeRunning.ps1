Connect-Maestro -Lab -Speed 1 | Out-Null
$operation = (Get-Gateway -Unassigned -Site 1)[0..1] | New-SecurityGroup dmz -NoWait
"operation $($operation.Id)"

# Everything a script can see of a session that is opened with secrets, said as loudly as can be.
param($Folder, $Marker)
$VerbosePreference = $DebugPreference = $InformationPreference = $ProgressPreference = 'Continue'
$passphrase = [Security.SecureString]::new()
foreach ($character in [IO.File]::ReadAllText("$Folder/passphrase").ToCharArray()) { $passphrase.AppendChar($character) }
$password = [Security.SecureString]::new()
foreach ($character in [IO.File]::ReadAllText("$Folder/password").ToCharArray()) { $password.AppendChar($character) }
$credential = [Management.Automation.PSCredential]::new('anybody', $password)

Connect-Maestro "$Folder/inventory.json" -Credential $credential -StorePath "$Folder/out/store.db" -Name password
Connect-Maestro "$Folder/inventory.json" -KeyPath env:MAESTRO_TEST_KEY -StorePath "$Folder/out/store.db" -Name locked
Connect-Maestro "$Folder/inventory.json" -KeyPath env:MAESTRO_TEST_KEY -KeyPassphrase $passphrase -StorePath "$Folder/out/store.db" -Name key
New-SecurityGroup dmz -Description $Marker -Message $Marker
Get-Gateway | Add-GroupMember dmz
Sync-Policy dmz -Path "$Folder/web.nft"
Sync-Policy dmz -Path "$Folder/bad.nft"
Get-Gateway -Session locked
Get-MaestroOperation | ForEach-Object { Get-MaestroOperation $_.Id }
Get-MaestroSession
$Error | ForEach-Object { $_.Exception.ToString(); $_.ErrorDetails.Message; $_.ErrorDetails.RecommendedAction; "$($_.TargetObject)" }

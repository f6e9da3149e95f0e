param([string]$Task = 'Build', [switch]$NoInstall, [double]$Hours, [string]$Text, [Parameter(ValueFromRemainingArguments)][string[]]$Rest)
"Task=$Task NoInstall=$NoInstall Hours=$Hours Text=$Text Rest=$($Rest -join '|')"

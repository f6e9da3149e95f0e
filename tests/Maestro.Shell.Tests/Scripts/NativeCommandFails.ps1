dotnet --no-such-option *> $null
"native $LASTEXITCODE"

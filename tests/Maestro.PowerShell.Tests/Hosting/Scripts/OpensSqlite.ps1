param($Manifest)
Import-Module $Manifest
$context = [Runtime.Loader.AssemblyLoadContext]::GetLoadContext([Reflection.Assembly]::Load('Maestro.Engine'))
$connection = $context.LoadFromAssemblyName('Microsoft.Data.Sqlite').GetType('Microsoft.Data.Sqlite.SqliteConnection')::new('Data Source=:memory:')
$connection.Open()
$command = $connection.CreateCommand()
$command.CommandText = 'select 6 * 7'
"answer $($command.ExecuteScalar())"
$connection.Dispose()
[Diagnostics.Process]::GetCurrentProcess().Modules.ForEach({ $_.FileName }).Where({ $_ -like '*e_sqlite3*' })

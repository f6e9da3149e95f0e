using Microsoft.Data.Sqlite;

namespace Maestro.Engine.Tests.Store;

/// <summary>The file as anybody with SQLite sees it.</summary>
internal static class RawDatabase
{
    public static object? Run(string path, string sql)
    {
        using var connection = Open(path);
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    public static SqliteConnection Open(string path)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        connection.Open();
        return connection;
    }
}

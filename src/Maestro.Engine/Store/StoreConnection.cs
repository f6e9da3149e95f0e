using System.Globalization;
using System.Text;
using Maestro.Engine.Model.Errors;
using Microsoft.Data.Sqlite;

namespace Maestro.Engine.Store;

/// <summary>One connection to the file, with its statements kept compiled. Used by one thread at a time.</summary>
internal sealed class StoreConnection : IDisposable
{
    // Texts with a varying number of parameters would otherwise grow it for ever.
    private const int KeptStatements = 100;

    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, SqliteCommand> _statements = new(StringComparer.Ordinal);

    public StoreConnection(string? path, string? vfs)
    {
        Path = path;
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path ?? ":memory:",
            Pooling = false,
            DefaultTimeout = 5,
            Vfs = vfs,
        }.ToString());
        _connection.Open();
    }

    /// <summary>The file; null in memory.</summary>
    public string? Path { get; }

    public int Execute(string sql, params (string Name, object? Value)[] parameters) => Command(sql, parameters).ExecuteNonQuery();

    public List<T> Query<T>(Func<SqliteDataReader, T> read, string sql, params (string Name, object? Value)[] parameters)
    {
        using var reader = Command(sql, parameters).ExecuteReader();
        var rows = new List<T>();
        while (reader.Read()) rows.Add(read(reader));
        return rows;
    }

    public long Number(string sql, params (string Name, object? Value)[] parameters) =>
        Convert.ToInt64(Command(sql, parameters).ExecuteScalar(), CultureInfo.InvariantCulture);

    public string Word(string sql) => Convert.ToString(Command(sql, []).ExecuteScalar(), CultureInfo.InvariantCulture) ?? "";

    /// <summary>The text of a column, whole: the plain reader ends it at an embedded NUL, and what gateways answer may hold one.</summary>
    public static string Text(SqliteDataReader row, int column) => Encoding.UTF8.GetString(row.GetFieldValue<byte[]>(column));

    public static DateTimeOffset Time(SqliteDataReader row, int column) => new(row.GetInt64(column), TimeSpan.Zero);

    /// <exception cref="MaestroException"><c>Maestro.StoreTooNew</c>: a word of a later version.</exception>
    public static T Word<T>(SqliteDataReader row, int column)
        where T : struct, Enum
    {
        var text = row.GetString(column);
        return Enum.TryParse<T>(text, out var value)
            ? value
            : throw new MaestroException(ErrorCatalogue.StoreTooNew, $"The store holds '{text}' where this Maestro knows only {string.Join(", ", Enum.GetNames(typeof(T)))}.");
    }

    public void CopyTo(StoreConnection target) => _connection.BackupDatabase(target._connection);

    public void Dispose()
    {
        Forget();
        _connection.Dispose();
    }

    private SqliteCommand Command(string sql, (string Name, object? Value)[] parameters)
    {
        if (!_statements.TryGetValue(sql, out var command))
        {
            if (_statements.Count >= KeptStatements) Forget();
            command = _connection.CreateCommand();
            command.CommandText = sql;
            _statements.Add(sql, command);
        }

        command.Parameters.Clear();
        foreach (var (name, value) in parameters) command.Parameters.AddWithValue("$" + name, value ?? DBNull.Value);
        return command;
    }

    private void Forget()
    {
        foreach (var statement in _statements.Values) statement.Dispose();
        _statements.Clear();
    }
}

using System.Globalization;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Operations.Leases;
using Microsoft.Data.Sqlite;

namespace Maestro.Engine.Store;

/// <summary>
/// The store in one SQLite file: write-ahead log, synchronous=FULL, so that what is acknowledged survives a crash of process or machine on a
/// disk that honours fsync. The journal is hash-chained and anchored beside the file, so that a loss under a lying disk is detected.
/// </summary>
public sealed partial class SqliteStore : IStore
{
    private readonly SqliteConnection _connection;
    private readonly StoreDispatcher _dispatcher;
    private readonly SqliteStoreOptions _options;
    private readonly JournalAnchor _anchor;
    private bool _disposed;

    private SqliteStore(SqliteStoreOptions options, SqliteConnection connection, JournalAnchor anchor)
    {
        _options = options;
        _connection = connection;
        _anchor = anchor;
        _dispatcher = new StoreDispatcher(connection, options.Inline, anchor.Write);
    }

    public string Location => _options.Path ?? "memory";

    internal long Commits => _dispatcher.Commits;

    /// <summary>Opens or makes the store.</summary>
    /// <exception cref="MaestroException"><c>StoreUnavailable</c>, <c>StoreTooNew</c>, <c>StoreDamaged</c>.</exception>
    public static SqliteStore Open(SqliteStoreOptions options)
    {
        SQLitePCL.Batteries_V2.Init();
        if (options.Path is { } path) StoreFile.Prepare(path);
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = options.Path ?? ":memory:",
            Pooling = false,
            DefaultTimeout = 5,
            Vfs = options.Vfs,
        }.ToString());
        try
        {
            connection.Open();
            if (options.Path is not null)
            {
                StoreSchema.Execute(connection, "PRAGMA journal_mode = WAL");
                StoreSchema.Execute(connection, "PRAGMA synchronous = FULL");
            }

            StoreSchema.Execute(connection, "PRAGMA busy_timeout = 5000");
            StoreSchema.Migrate(connection, options.Path);
            var anchor = new JournalAnchor(options.Path);
            JournalChain.Verify(connection, anchor, options.Path);
            return new SqliteStore(options, connection, anchor);
        }
        catch (SqliteException fault)
        {
            connection.Dispose();
            var code = fault.SqliteErrorCode is 11 or 26 ? ErrorCatalogue.StoreDamaged : ErrorCatalogue.StoreUnavailable;
            throw new MaestroException(code, $"{options.Path}: {fault.Message}", options.Path, innerException: fault);
        }
        catch (MaestroException)
        {
            connection.Dispose();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_disposed) return;
        _disposed = true;
        _dispatcher.Dispose();
        _connection.Dispose();
        await Task.CompletedTask;
    }

    private Task<T> OnStoreAsync<T>(Func<SqliteConnection, T> body) => _dispatcher.RunAsync(body);

    private Task OnStoreAsync(Action<SqliteConnection> body) => _dispatcher.RunAsync(c =>
    {
        body(c);
        return true;
    });

    private static SqliteCommand Command(SqliteConnection connection, string sql, params (string Name, object? Value)[] parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters) command.Parameters.AddWithValue("$" + name, value ?? DBNull.Value);
        return command;
    }

    private static int Execute(SqliteConnection connection, string sql, params (string Name, object? Value)[] parameters)
    {
        using var command = Command(connection, sql, parameters);
        return command.ExecuteNonQuery();
    }

    private static List<T> Query<T>(SqliteConnection connection, Func<SqliteDataReader, T> read, string sql, params (string Name, object? Value)[] parameters)
    {
        using var command = Command(connection, sql, parameters);
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read()) rows.Add(read(reader));
        return rows;
    }

    private static DateTimeOffset Time(long utcTicks) => new(utcTicks, TimeSpan.Zero);

    private static string Lines(IEnumerable<string> values) => string.Join("\n", values);

    private static IReadOnlyList<string> FromLines(string text) => text.Length == 0 ? [] : text.Split('\n');

    private static LeaseOwner Owner(SqliteDataReader row, int first) => new()
    {
        MachineId = row.GetString(first),
        BootId = row.GetString(first + 1),
        ProcessId = row.GetInt32(first + 2),
        ProcessStart = row.GetString(first + 3),
        Host = row.GetString(first + 4),
        User = row.GetString(first + 5),
    };

    private static (string, object?)[] OwnerParameters(LeaseOwner owner) =>
    [
        ("machine", owner.MachineId), ("boot", owner.BootId), ("pid", owner.ProcessId),
        ("pstart", owner.ProcessStart), ("host", owner.Host), ("user", owner.User),
    ];

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}

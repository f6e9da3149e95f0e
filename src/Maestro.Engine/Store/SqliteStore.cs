using System.Globalization;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Operations.Leases;
using Microsoft.Data.Sqlite;
using Newtonsoft.Json;

namespace Maestro.Engine.Store;

/// <summary>
/// The store in one SQLite file: write-ahead log, synchronous=FULL, so that what is acknowledged survives a crash of process or machine on a
/// disk that honours fsync. The journal is hash-chained and anchored beside the file, so that a loss under a lying disk is detected.
/// </summary>
public sealed partial class SqliteStore : IStore
{
    private readonly StoreConnection _connection;
    private readonly StoreDispatcher _dispatcher;
    private readonly SqliteStoreOptions _options;
    private readonly JournalAnchor _anchor;
    private bool _disposed;

    private SqliteStore(SqliteStoreOptions options, StoreConnection connection, JournalAnchor anchor)
    {
        _options = options;
        _connection = connection;
        _anchor = anchor;
        _dispatcher = new StoreDispatcher(connection, options, anchor);
    }

    public string Location => _options.Path ?? "memory";

    /// <summary>How many commits of writing calls were made.</summary>
    internal long Commits => _dispatcher.Commits;

    /// <summary>Opens or makes the store.</summary>
    /// <exception cref="MaestroException"><c>StoreUnavailable</c>, <c>StoreTooNew</c>, <c>StoreDamaged</c>.</exception>
    public static SqliteStore Open(SqliteStoreOptions options) => Open(options, StoreSchema.Versions);

    internal static SqliteStore Open(SqliteStoreOptions options, IReadOnlyList<string> versions)
    {
        SQLitePCL.Batteries_V2.Init();
        if (options.Path is { } path) StoreFile.Prepare(path);
        StoreConnection? connection = null;
        try
        {
            // Read before the journal: what another process commits in between may only make the journal longer than this.
            var anchor = new JournalAnchor(options.Path, options.Time);
            var anchored = anchor.Read();
            connection = new StoreConnection(options.Path, options.Vfs);
            connection.Execute("PRAGMA busy_timeout = 5000");
            StoreMigration.RequireOurs(connection, versions);
            if (options.Path is not null) RequireWriteAheadLog(connection);
            StoreMigration.Run(connection, versions, options.Vfs);
            Verify(connection, anchored);
            return new SqliteStore(options, connection, anchor);
        }
        catch (Exception fault)
        {
            connection?.Dispose();
            if (fault is SqliteException or IOException or UnauthorizedAccessException) throw SqliteFault.Explain(fault, options.Path);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_disposed) return;
        _disposed = true;
        await _dispatcher.CloseAsync();
        _anchor.Dispose();
        _connection.Dispose();
    }

    private static void RequireWriteAheadLog(StoreConnection connection)
    {
        if (connection.Word("PRAGMA journal_mode = WAL") != "wal") throw new IOException("The file system does not allow a write-ahead log.");
        connection.Execute("PRAGMA synchronous = FULL");
    }

    private static void Verify(StoreConnection connection, JournalHead? anchored)
    {
        connection.Execute("BEGIN");
        JournalChain.Verify(connection, anchored);
        connection.Execute("COMMIT");
    }

    private Task<T> WriteAsync<T>(LeaseToken token, Func<StoreConnection, T> body) => WriteAsync(c =>
    {
        RequireHeld(c, token);
        return body(c);
    });

    private Task WriteAsync(LeaseToken token, Action<StoreConnection> body) => WriteAsync(token, c =>
    {
        body(c);
        return true;
    });

    private Task<T> WriteAsync<T>(Func<StoreConnection, T> body) => _dispatcher.RunAsync(body, writes: true);

    private Task<T> ReadAsync<T>(Func<StoreConnection, T> body) => _dispatcher.RunAsync(body, writes: false);

    private static string Json(IReadOnlyList<string> values) => JsonConvert.SerializeObject(values, Formatting.None);

    private static IReadOnlyList<string> FromJson(string text) => JsonConvert.DeserializeObject<List<string>>(text) ?? [];

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

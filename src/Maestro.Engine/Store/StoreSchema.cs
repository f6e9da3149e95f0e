using System.Globalization;
using Maestro.Engine.Model.Errors;
using Microsoft.Data.Sqlite;

namespace Maestro.Engine.Store;

/// <summary>The tables, and how older files become newer ones. Versions are added at the end; what a release wrote is never edited.</summary>
internal static class StoreSchema
{
    private static readonly string[] Migrations =
    [
        """
        CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE leases (
            resource TEXT PRIMARY KEY, operation TEXT NOT NULL, epoch INTEGER NOT NULL, since INTEGER NOT NULL,
            expires INTEGER NOT NULL, ttl INTEGER NOT NULL,
            machine TEXT NOT NULL, boot TEXT NOT NULL, pid INTEGER NOT NULL, pstart TEXT NOT NULL, host TEXT NOT NULL, user TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE operations (
            id TEXT PRIMARY KEY, kind TEXT NOT NULL, security_group TEXT NOT NULL, state TEXT NOT NULL, reason TEXT NOT NULL, plan TEXT NOT NULL,
            machine TEXT NOT NULL, boot TEXT NOT NULL, pid INTEGER NOT NULL, pstart TEXT NOT NULL, host TEXT NOT NULL, user TEXT NOT NULL,
            resources TEXT NOT NULL, epoch INTEGER NOT NULL, message TEXT NOT NULL, source TEXT NOT NULL, token TEXT NOT NULL,
            skipped TEXT NOT NULL, unsettled TEXT NOT NULL, started INTEGER NOT NULL, ended INTEGER, place INTEGER NOT NULL) WITHOUT ROWID;
        CREATE INDEX operations_place ON operations (place);
        CREATE TABLE journal (
            sequence INTEGER PRIMARY KEY AUTOINCREMENT, schema INTEGER NOT NULL, operation TEXT NOT NULL, at INTEGER NOT NULL, kind TEXT NOT NULL,
            step TEXT NOT NULL, attempt INTEGER NOT NULL, outcome TEXT NOT NULL, reason TEXT NOT NULL, evidence TEXT NOT NULL, hash TEXT NOT NULL);
        CREATE INDEX journal_operation ON journal (operation, sequence);
        CREATE TABLE requests (id INTEGER PRIMARY KEY AUTOINCREMENT, operation TEXT NOT NULL, kind TEXT NOT NULL, at INTEGER NOT NULL, by TEXT NOT NULL, message TEXT NOT NULL);
        CREATE TABLE contents (fingerprint TEXT PRIMARY KEY, content TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE generations (
            kind TEXT NOT NULL, security_group TEXT NOT NULL, number INTEGER NOT NULL, fingerprint TEXT NOT NULL, state TEXT NOT NULL, created INTEGER NOT NULL,
            author TEXT NOT NULL, message TEXT NOT NULL, source TEXT NOT NULL, git_commit TEXT NOT NULL, dirty INTEGER NOT NULL, parent INTEGER,
            operation TEXT NOT NULL, recovered INTEGER NOT NULL, PRIMARY KEY (kind, security_group, number)) WITHOUT ROWID;
        CREATE TABLE documents (collection TEXT NOT NULL, name TEXT NOT NULL, json TEXT NOT NULL, PRIMARY KEY (collection, name)) WITHOUT ROWID;
        CREATE TABLE events (
            id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, security_group TEXT NOT NULL, member TEXT NOT NULL, kind TEXT NOT NULL,
            severity TEXT NOT NULL, text TEXT NOT NULL, operation TEXT NOT NULL);
        CREATE INDEX events_at ON events (at);
        """,
    ];

    public static int CurrentVersion => Migrations.Length;

    /// <summary>Brings the file to the current version, after a copy of it as it was.</summary>
    /// <exception cref="MaestroException"><c>Maestro.StoreTooNew</c>.</exception>
    public static void Migrate(SqliteConnection connection, string? path)
    {
        var version = Convert.ToInt32(Scalar(connection, "PRAGMA user_version"), CultureInfo.InvariantCulture);
        if (version > CurrentVersion)
        {
            throw new MaestroException(ErrorCatalogue.StoreTooNew, $"{path} has version {version}; this Maestro knows up to {CurrentVersion}. It was left as it is.", path);
        }

        if (version == CurrentVersion) return;
        if (version > 0 && path is not null)
        {
            using var copy = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = $"{path}.v{version.ToString(CultureInfo.InvariantCulture)}", Pooling = false }.ToString());
            copy.Open();
            connection.BackupDatabase(copy);
        }

        // Two processes may come to a new file at the same moment: only the first finds the old version under its lock.
        Execute(connection, "BEGIN IMMEDIATE");
        try
        {
            version = Convert.ToInt32(Scalar(connection, "PRAGMA user_version"), CultureInfo.InvariantCulture);
            for (; version < CurrentVersion; version++) Execute(connection, Migrations[version]);
            Execute(connection, $"PRAGMA user_version = {CurrentVersion.ToString(CultureInfo.InvariantCulture)}");
            Execute(connection, "COMMIT");
        }
        catch
        {
            Execute(connection, "ROLLBACK");
            throw;
        }
    }

    public static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    public static object? Scalar(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }
}

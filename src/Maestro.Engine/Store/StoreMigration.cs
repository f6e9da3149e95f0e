using System.Globalization;
using Maestro.Engine.Model.Errors;

namespace Maestro.Engine.Store;

/// <summary>Brings a file from the version that it has to the one that this Maestro writes. The steps are a parameter for the tests' sake.</summary>
internal static class StoreMigration
{
    /// <summary>Where the copy goes that is made before a file leaves a version.</summary>
    public static string CopyPath(string path, long version) => $"{path}.v{version.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>Refuses a file that is not ours to write, before anything in it is touched.</summary>
    /// <exception cref="MaestroException"><c>Maestro.StoreTooNew</c>, <c>Maestro.StoreUnavailable</c>.</exception>
    public static void RequireOurs(StoreConnection connection, IReadOnlyList<string> versions)
    {
        // One look: between two, another process may make the file.
        connection.Execute("BEGIN");
        var version = connection.Number("PRAGMA user_version");
        var application = connection.Number("PRAGMA application_id");
        var isEmpty = version == 0 && connection.Number("SELECT count(*) FROM sqlite_master") == 0;
        connection.Execute("COMMIT");
        if (!isEmpty && application != StoreSchema.ApplicationId)
        {
            throw new MaestroException(ErrorCatalogue.StoreUnavailable, $"{connection.Path} is the database of another program. It was left as it is.", connection.Path, "Name another file with -StorePath.");
        }

        if (version > versions.Count)
        {
            throw new MaestroException(
                ErrorCatalogue.StoreTooNew,
                $"{connection.Path} has version {Text(version)}; this Maestro knows up to {Text(versions.Count)}. It was left as it is.",
                connection.Path);
        }
    }

    public static void Run(StoreConnection connection, IReadOnlyList<string> versions, string? vfs)
    {
        while (connection.Number("PRAGMA user_version") < versions.Count)
        {
            // Two processes may come to one file at the same moment: only the first finds the old version under its lock.
            connection.Execute("BEGIN IMMEDIATE");
            try
            {
                var version = connection.Number("PRAGMA user_version");
                if (version < versions.Count)
                {
                    if (version > 0 && connection.Path is { } path) Copy(path, version, vfs);
                    // A new file becomes what it is to be at once: there is nothing in it that a copy would keep.
                    var next = version > 0 ? version + 1 : versions.Count;
                    for (var step = version; step < next; step++) connection.Execute(versions[(int)step]);
                    connection.Execute($"PRAGMA application_id = {Text(StoreSchema.ApplicationId)}");
                    connection.Execute($"PRAGMA user_version = {Text(next)}");
                }

                connection.Execute("COMMIT");
            }
            catch
            {
                connection.Execute("ROLLBACK");
                throw;
            }
        }
    }

    // From a connection of its own: SQLite does not copy from one that is writing. What it reads cannot change, for we hold the write lock.
    private static void Copy(string path, long version, string? vfs)
    {
        var target = CopyPath(path, version);
        File.Delete(target);
        StoreFile.MakePrivate(target);
        using var from = new StoreConnection(path, vfs);
        using var to = new StoreConnection(target, vfs);
        from.CopyTo(to);
    }

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}

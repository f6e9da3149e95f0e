using Maestro.Engine.Model.Errors;
using Microsoft.Data.Sqlite;

namespace Maestro.Engine.Store;

/// <summary>SQLite's faults in our words, so that none of its types leaves the store. Numbers: sqlite.org/rescode.html.</summary>
internal static class SqliteFault
{
    public const int Busy = 5;
    public const int InputOutput = 10;
    public const int Full = 13;

    private const int Corrupt = 11;
    private const int NotADatabase = 26;

    public static MaestroException Explain(Exception fault, string? path) => fault switch
    {
        MaestroException known => known,
        SqliteException { SqliteErrorCode: Corrupt or NotADatabase } => new MaestroException(ErrorCatalogue.StoreDamaged, $"{path}: {fault.Message}", path, innerException: fault),
        SqliteException { SqliteErrorCode: Busy } => new MaestroException(ErrorCatalogue.StoreUnavailable, $"{path}: another process kept it locked. Nothing was written.", path, innerException: fault),
        _ => new MaestroException(ErrorCatalogue.StoreUnavailable, $"{path ?? "The store in memory"} cannot be written: {fault.Message}", path, innerException: fault),
    };
}

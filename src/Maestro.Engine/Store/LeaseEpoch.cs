using System.Globalization;

namespace Maestro.Engine.Store;

/// <summary>The one counter of fencing epochs in a store. It only grows.</summary>
internal static class LeaseEpoch
{
    public static long Last(StoreConnection connection) =>
        connection.Query(r => long.Parse(r.GetString(0), CultureInfo.InvariantCulture), "SELECT value FROM meta WHERE name = 'epoch'").FirstOrDefault();

    public static long Next(StoreConnection connection)
    {
        var next = Last(connection) + 1;
        Set(connection, next);
        return next;
    }

    /// <summary>Makes sure that every later grant is above <paramref name="epoch"/>.</summary>
    public static void RaiseTo(StoreConnection connection, long epoch)
    {
        if (epoch > Last(connection)) Set(connection, epoch);
    }

    private static void Set(StoreConnection connection, long epoch) =>
        connection.Execute("INSERT OR REPLACE INTO meta (name, value) VALUES ('epoch', $value)", ("value", epoch.ToString(CultureInfo.InvariantCulture)));
}

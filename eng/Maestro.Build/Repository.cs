using System.Reflection;

namespace Maestro.Build;

/// <summary>Where the sources lie, and which version they are.</summary>
internal static class Repository
{
    public static string Version => Read("Version");

    public static string Path(string relative) => System.IO.Path.GetFullPath(relative, Read("RepositoryRoot"));

    private static string Read(string key) =>
        typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(one => one.Key == key).Value!;
}

using System.Reflection;

namespace Maestro.PowerShell.Tests.Hosting;

/// <summary>Where the build put what these tests start or import by path.</summary>
internal static class StartedAssembly
{
    public static string ModuleHost => Path("Maestro.ModuleHost");

    public static string MonoHost => Path("Maestro.MonoHost");

    public static string Shell => Path("Maestro.Shell");

    public static string Decoy => Path("Maestro.Decoy");

    private static string Path(string name) =>
        typeof(StartedAssembly).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(one => one.Key == name).Value!;
}

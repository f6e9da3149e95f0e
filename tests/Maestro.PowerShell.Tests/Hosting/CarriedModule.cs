namespace Maestro.PowerShell.Tests.Hosting;

/// <summary>The module as it ships, laid out beside the tests by the build.</summary>
internal static class CarriedModule
{
    public static string Manifest { get; } =
        Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Modules"), "Maestro.psd1", SearchOption.AllDirectories).Single();

    public static string Root { get; } = Path.GetDirectoryName(Manifest)!;
}

namespace Maestro.Simulation.Scenarios;

/// <summary>The scenarios of bugs that were found, as they lie in Regressions/.</summary>
internal static class KeptScenarios
{
    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Regressions");

    public static IReadOnlyList<(string Name, KeptScenario Kept)> All() =>
        !Directory.Exists(Folder) ? [] : [.. Directory.EnumerateFiles(Folder, "*.scenario").Order(StringComparer.Ordinal).Select(f => (Path.GetFileNameWithoutExtension(f), ScenarioFile.Read(File.ReadAllText(f))))];
}

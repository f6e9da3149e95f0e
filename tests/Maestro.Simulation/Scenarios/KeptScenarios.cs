namespace Maestro.Simulation.Scenarios;

/// <summary>The scenarios of bugs that were found, as they lie in Regressions/.</summary>
internal static class KeptScenarios
{
    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Regressions");

    public static IReadOnlyList<(string Name, KeptScenario Kept)> All() => At(Folder);

    /// <summary>A file, or all of a folder.</summary>
    public static IReadOnlyList<(string Name, KeptScenario Kept)> At(string path)
    {
        IEnumerable<string> files = Directory.Exists(path) ? Directory.EnumerateFiles(path, "*.scenario").Order(StringComparer.Ordinal) : File.Exists(path) ? [path] : [];
        return [.. files.Select(f => (Path.GetFileNameWithoutExtension(f), ScenarioFile.Read(File.ReadAllText(f))))];
    }
}

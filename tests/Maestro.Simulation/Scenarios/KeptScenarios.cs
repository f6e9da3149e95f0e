namespace Maestro.Simulation.Scenarios;

/// <summary>The scenarios of bugs that were found, as they lie in Regressions/.</summary>
internal static class KeptScenarios
{
    public static IReadOnlyList<(string Name, KeptScenario Kept)> All() =>
        [.. Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Regressions"), "*.scenario").Order(StringComparer.Ordinal).Select(f => (Path.GetFileNameWithoutExtension(f), ScenarioFile.Read(File.ReadAllText(f))))];
}

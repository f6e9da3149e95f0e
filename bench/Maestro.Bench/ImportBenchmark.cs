using System.Globalization;
using System.Reflection;

namespace Maestro.Bench;

/// <summary>
/// Import-Module in a fresh process: the module, and beside it one that holds nothing, which is what PowerShell itself takes for its first
/// import. Each figure is the median of five processes in turn.
/// </summary>
internal static class ImportBenchmark
{
    private const string Script = """
        param($maestro, $empty)
        $manifest = if ($empty) { $empty } else { $maestro }
        $process = [System.Diagnostics.Process]::GetCurrentProcess()
        $before = $process.WorkingSet64
        $watch = [System.Diagnostics.Stopwatch]::StartNew()
        Import-Module $manifest
        $watch.Stop()
        $process.Refresh()
        [string]::Format([cultureinfo]::InvariantCulture, '{0} {1}', $watch.Elapsed.TotalMilliseconds, ($process.WorkingSet64 - $before) / 1MB)
        """;

    public static async Task<IReadOnlyList<string>> RunAsync()
    {
        var folder = Directory.CreateTempSubdirectory("maestro-bench-");
        try
        {
            var script = Path.Combine(folder.FullName, "import.ps1");
            var empty = Path.Combine(folder.FullName, "Empty.psd1");
            await File.WriteAllTextAsync(script, Script);
            await File.WriteAllTextAsync(empty, "@{ ModuleVersion = '1.0' }");
            var (module, nothing) = (new List<(double Milliseconds, double Megabytes)>(), new List<(double Milliseconds, double Megabytes)>());
            for (var i = 0; i < 5; i++)
            {
                module.Add(await MeasureAsync(script));
                nothing.Add(await MeasureAsync(script, empty));
            }

            var (own, none) = (Median(module), Median(nothing));
            return [Row("Maestro", own), Row("a module that holds nothing", none), Row("difference", (own.Milliseconds - none.Milliseconds, own.Megabytes - none.Megabytes))];
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<(double Milliseconds, double Megabytes)> MeasureAsync(params string[] arguments)
    {
        var (exit, output) = await Tool.RunAsync("dotnet", [Host(), .. arguments]);
        var words = output.Split(' ', StringSplitOptions.TrimEntries);
        return exit == 0 && words.Length == 2
            ? (double.Parse(words[0], CultureInfo.InvariantCulture), double.Parse(words[1], CultureInfo.InvariantCulture))
            : throw new InvalidOperationException($"The import ended with {exit}: {output}");
    }

    private static string Host() => typeof(ImportBenchmark).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "Maestro.ModuleHost").Value!;

    private static (double Milliseconds, double Megabytes) Median(IReadOnlyCollection<(double Milliseconds, double Megabytes)> runs) =>
        (runs.Select(r => r.Milliseconds).Order().ElementAt(2), runs.Select(r => r.Megabytes).Order().ElementAt(2));

    private static string Row(string what, (double Milliseconds, double Megabytes) figures) =>
        string.Format(CultureInfo.InvariantCulture, "| {0} | {1:0} ms | {2:0.0} MiB |", what, figures.Milliseconds, figures.Megabytes);
}

using System.Text.RegularExpressions;

namespace Maestro.Build;

/// <summary>tests/Pester, which needs a whole PowerShell: run where one with Pester 5 is installed, counted as skipped elsewhere.</summary>
internal static partial class PesterTests
{
    private const string NewestPester =
        "(Get-Module Pester -ListAvailable | Sort-Object Version -Descending | Select-Object -First 1).Version.Major";

    private static string Folder => Repository.Path("tests/Pester");

    public static void AddTo(TestSum sum)
    {
        if (!Directory.Exists(Folder))
        {
            return;
        }

        if (FindShell() is { } shell)
        {
            Run(shell, sum);
            return;
        }

        foreach (var test in Directory.GetFiles(Folder, "*.Tests.ps1").SelectMany(File.ReadLines).Select(line => Test().Match(line)).Where(match => match.Success))
        {
            sum.AddSkipped("Pester tests need a pwsh with Pester 5 on PATH.", test.Groups["name"].Value);
        }
    }

    private static string? FindShell()
    {
        var file = OperatingSystem.IsWindows() ? "pwsh.exe" : "pwsh";
        return (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator)
            .Select(folder => Path.Combine(folder, file))
            .Where(File.Exists)
            .FirstOrDefault(shell => int.TryParse(DotNet.Read(shell, "-NoProfile", "-NonInteractive", "-Command", NewestPester), out var major) && major >= 5);
    }

    private static void Run(string shell, TestSum sum)
    {
        var answer = ModuleTask.Run() == 0
            ? DotNet.Read(shell, "-NoProfile", "-NonInteractive", "-File", Path.Combine(Folder, "Run.ps1"), Path.Combine(ModuleTask.Directory, "Maestro.psd1"))
            : null;
        Console.WriteLine(answer);
        var counts = Counts().Match(answer ?? string.Empty);
        if (counts.Success)
        {
            sum.Add(Number("passed"), Number("failed"), Number("skipped"));
        }
        else
        {
            Console.WriteLine("The Pester run did not end with its counts.");
            sum.AddFailure();
        }

        int Number(string name) => int.Parse(counts.Groups[name].Value, System.Globalization.CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"^\s*It\s+(['""])(?<name>.*?)\1")]
    private static partial Regex Test();

    [GeneratedRegex(@"pester: (?<passed>\d+) (?<failed>\d+) (?<skipped>\d+)\s*$")]
    private static partial Regex Counts();
}

using System.Diagnostics;

namespace Maestro.Build;

/// <summary>Runs programs with this process's own console.</summary>
internal static class DotNet
{
    public static int Run(IEnumerable<string> arguments, params (string Name, string Value)[] environment) => RunProgram("dotnet", arguments, environment);

    public static int RunProgram(string program, IEnumerable<string> arguments, params (string Name, string Value)[] environment)
    {
        using var process = Process.Start(Describe(program, arguments, environment))!;
        process.WaitForExit();
        return process.ExitCode;
    }

    /// <summary>Runs dotnet and lets through only the lines of its standard output that are wanted.</summary>
    public static int RunFiltered(IEnumerable<string> arguments, Func<string, bool> isWanted, params (string Name, string Value)[] environment)
    {
        var start = Describe("dotnet", arguments, environment);
        start.RedirectStandardOutput = true;
        using var process = Process.Start(start)!;
        while (process.StandardOutput.ReadLine() is { } line)
        {
            if (isWanted(line))
            {
                Console.WriteLine(line);
            }
        }

        process.WaitForExit();
        return process.ExitCode;
    }

    /// <summary>What the program printed, or null when it failed.</summary>
    public static string? Read(string program, params string[] arguments)
    {
        var start = Describe(program, arguments, []);
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        _ = error.Result;
        return process.ExitCode == 0 ? output : null;
    }

    private static ProcessStartInfo Describe(string program, IEnumerable<string> arguments, (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = Repository.Path(".") };
        foreach (var (name, value) in environment.Where(one => one.Value.Length > 0))
        {
            start.Environment[name] = value;
        }

        return start;
    }
}

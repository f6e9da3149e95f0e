using System.Diagnostics;

namespace Maestro.Bench;

/// <summary>Runs another program, and takes the time.</summary>
internal static class Tool
{
    public static async Task<(int ExitCode, string Output)> RunAsync(string program, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach (var pair in environment ?? new Dictionary<string, string>()) start.Environment[pair.Key] = pair.Value;
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} does not start.");
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + await errors);
    }

    public static async Task RequireAsync(string program, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var (exit, output) = await RunAsync(program, arguments, environment);
        if (exit != 0) throw new InvalidOperationException($"{program} ended with {exit}: {output}");
    }

    /// <summary>The median of five runs, in seconds.</summary>
    public static async Task<double> MedianAsync(int runs, Func<int, Task> prepare, Func<int, Task> run)
    {
        var seconds = new List<double>();
        for (var i = 0; i < runs; i++)
        {
            await prepare(i);
            var watch = Stopwatch.StartNew();
            await run(i);
            seconds.Add(watch.Elapsed.TotalSeconds);
        }

        seconds.Sort();
        return seconds[runs / 2];
    }
}

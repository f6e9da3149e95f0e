using System.Diagnostics;
using System.Text.Json;

namespace Maestro.Testbeds.Tests;

/// <summary>The testbed's command as a process of its own, with its bed up, in a folder that no other bed sweeps.</summary>
internal sealed class BedCommand : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private readonly Process _process;

    private BedCommand(Process process, string directory, Traces traces)
    {
        _process = process;
        Directory = directory;
        Traces = traces;
    }

    public string Directory { get; }

    public Traces Traces { get; }

    public int ProcessId => _process.Id;

    public static async Task<BedCommand> StartAsync(params string[] arguments)
    {
        var directory = System.IO.Directory.CreateTempSubdirectory("maestro-command-").FullName;
        var inventory = Path.Combine(directory, "inventory.json");
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet") { RedirectStandardOutput = true };
        foreach (var argument in (string[])[typeof(Testbed).Assembly.Location, "up", .. arguments, "--inventory", inventory, "--directory", directory])
        {
            start.ArgumentList.Add(argument);
        }

        var process = Process.Start(start) ?? throw new InvalidOperationException("The command did not start.");
        // It prints how to connect, and last how to end it.
        string? line;
        do
        {
            line = await process.StandardOutput.ReadLineAsync().WaitAsync(Limit);
        }
        while (line?.StartsWith("Ctrl+C", StringComparison.Ordinal) == false);

        if (line is null)
        {
            System.IO.Directory.Delete(directory, recursive: true);
            throw new InvalidOperationException("The command ended before its bed was up.");
        }

        using var written = JsonDocument.Parse(await File.ReadAllTextAsync(inventory));
        var folder = Path.GetDirectoryName(written.RootElement.GetProperty("defaults").GetProperty("keyPath").GetString())!;
        var address = written.RootElement.GetProperty("gateways")[0].GetProperty("address").GetString()!;
        return new BedCommand(process, directory, new Traces(folder, address));
    }

    public async Task<int> ExitCodeAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(Limit);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
        Testbed.Sweep(Directory);
        System.IO.Directory.Delete(Directory, recursive: true);
    }
}

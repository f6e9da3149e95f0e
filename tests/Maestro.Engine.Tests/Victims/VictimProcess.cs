using System.Diagnostics;
using System.Reflection;

namespace Maestro.Engine.Tests.Victims;

/// <summary>A process of ours that a test listens to and kills.</summary>
internal sealed class VictimProcess : IDisposable
{
    // Only a hang ends by it: what is waited for is always a line or the end.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Process _process;
    private readonly Task<string> _errors;

    private VictimProcess(ProcessStartInfo start)
    {
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        _process = Process.Start(start)!;
        _errors = _process.StandardError.ReadToEndAsync();
    }

    public static string Assembly { get; } =
        typeof(VictimProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "Maestro.Victim").Value!;

    public static string DotNet { get; } = Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet";

    public int Id => _process.Id;

    /// <summary>Starts the victim at a verb.</summary>
    public static VictimProcess Start(params string[] arguments) => StartProgram(DotNet, [Assembly, .. arguments]);

    /// <summary>Starts any program, which may start the victim in its turn.</summary>
    public static VictimProcess StartProgram(string program, params string[] arguments) => new(new ProcessStartInfo(program, arguments));

    /// <summary>The next line; null when the process has ended.</summary>
    public async Task<string?> ReadLineAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        return await _process.StandardOutput.ReadLineAsync(patience.Token);
    }

    /// <summary>The next line.</summary>
    /// <exception cref="InvalidOperationException">The process ended first; with what it said on its error output.</exception>
    public async Task<string> ExpectLineAsync() =>
        await ReadLineAsync() ?? throw new InvalidOperationException($"The victim ended: {await _errors}");

    public async Task WriteLineAsync(string line)
    {
        await _process.StandardInput.WriteLineAsync(line);
        await _process.StandardInput.FlushAsync();
    }

    /// <summary>SIGKILL; completes when it is gone.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        using var patience = new CancellationTokenSource(Patience);
        await _process.WaitForExitAsync(patience.Token);
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }
}

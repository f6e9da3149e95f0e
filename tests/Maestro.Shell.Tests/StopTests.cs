using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Maestro.Shell.Tests;

public sealed class StopTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [SkippableTheory]
    [InlineData(2, 130)]
    [InlineData(15, 143)]
    public async Task A_stop_lets_the_script_come_to_rest_and_ends_with_the_signals_code(int signal, int exitCode)
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has no signals to send to another process.");
        var start = new ProcessStartInfo("dotnet", [ShellProcess.Assembly, ShellProcess.Script("LoopsForEver")]) { RedirectStandardOutput = true };
        using var shell = Process.Start(start)!;
        Assert.Equal("started", await shell.StandardOutput.ReadLineAsync());

        Assert.Equal(0, Kill(shell.Id, signal));

        Assert.Equal("came to rest", await shell.StandardOutput.ReadLineAsync());
        await shell.WaitForExitAsync().WaitAsync(Patience);
        Assert.Equal(exitCode, shell.ExitCode);
    }

    [SkippableFact]
    public async Task Ctrl_C_leaves_a_running_change_at_rest_and_names_it()
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has no signals to send to another process.");
        var start = new ProcessStartInfo("dotnet", [ShellProcess.Assembly, ShellProcess.Script("WaitsForAGroup")]) { RedirectStandardOutput = true };
        using var shell = Process.Start(start)!;
        var operation = (await shell.StandardOutput.ReadLineAsync())!.Split(' ')[1];

        Assert.Equal(0, Kill(shell.Id, 2));

        var output = await shell.StandardOutput.ReadToEndAsync().WaitAsync(Patience);
        await shell.WaitForExitAsync().WaitAsync(Patience);
        Assert.Equal(130, shell.ExitCode);
        Assert.Contains($"Resume-MaestroOperation {operation}", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_script_that_ends_with_a_change_running_brings_it_to_rest_and_names_it()
    {
        var run = await ShellProcess.RunScript("LeavesAChangeRunning");

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(2, run.Lines.Count);
        var operation = run.Lines[0].Split(' ')[1];
        Assert.Contains($"Resume-MaestroOperation {operation}", run.Lines[1], StringComparison.Ordinal);
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int Kill(int processId, int signal);
}

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

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int Kill(int processId, int signal);
}

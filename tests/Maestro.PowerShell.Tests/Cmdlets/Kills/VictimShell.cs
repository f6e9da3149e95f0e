using System.Diagnostics;
using Maestro.PowerShell.Tests.Hosting;

namespace Maestro.PowerShell.Tests.Cmdlets.Kills;

/// <summary>A Maestro.Shell that is killed while it runs a script.</summary>
internal static class VictimShell
{
    // Only a hang ends by it.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>SIGKILL so long after the session is open and the call begins.</summary>
    public static async Task KillAsync(string connect, string call, TimeSpan after)
    {
        var start = new ProcessStartInfo("dotnet", [StartedAssembly.Shell, "-Command", $"$null = {connect}; 'begun'; {call}"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var shell = Process.Start(start)!;
        var errors = shell.StandardError.ReadToEndAsync();
        var first = await shell.StandardOutput.ReadLineAsync().WaitAsync(Patience);
        if (first != "begun") Assert.Fail($"{call}: {first} {await errors}");
        await Task.Delay(after);
        shell.Kill();
        await shell.WaitForExitAsync().WaitAsync(Patience);
    }
}

using System.Diagnostics;

namespace Maestro.Engine.Tests.Fabrics.Linux.Distribution;

/// <summary>A network of its own for one script, on the kernel at hand.</summary>
internal static class ScratchNamespace
{
    /// <returns>What the script printed.</returns>
    public static async Task<string> RunAsync(string script)
    {
        var start = new ProcessStartInfo("unshare", ["--net", "/bin/bash"]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.StandardInput.WriteAsync(script + "\n");
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, await error);
        return await output;
    }
}

using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace Maestro.PowerShell.Hosting;

/// <summary>Runs the script of a probe in a runspace of its own, where nothing of the caller's session is known.</summary>
internal static class ScriptProbe
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    /// <summary>Null when it is content: it wrote no error, threw nothing and did not end with false. Else what was seen.</summary>
    public static string? Run(string script)
    {
        // The full default would want snap-ins that only a whole PowerShell has.
        using var runspace = RunspaceFactory.CreateRunspace(InitialSessionState.CreateDefault2());
        runspace.Open();
        using var shell = System.Management.Automation.PowerShell.Create();
        shell.Runspace = runspace;
        shell.AddScript(script);
        var running = shell.BeginInvoke();
        if (!running.AsyncWaitHandle.WaitOne(Limit))
        {
            shell.Stop();
            return string.Format(CultureInfo.InvariantCulture, "the script took longer than {0} s", Limit.TotalSeconds);
        }

        try
        {
            var output = shell.EndInvoke(running);
            if (shell.Streams.Error.Count > 0) return "the script wrote an error: " + shell.Streams.Error[0];
            return output.Count > 0 && output[output.Count - 1]?.BaseObject is false ? "the script ended with false" : null;
        }
        catch (RuntimeException fault)
        {
            return "the script failed: " + fault.Message;
        }
    }
}

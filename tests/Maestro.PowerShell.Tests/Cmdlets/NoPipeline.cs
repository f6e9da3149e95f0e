using System.Runtime.CompilerServices;

namespace Maestro.PowerShell.Tests.Cmdlets;

/// <summary>These tests sit at a console: that they themselves may run in a build pipeline is not to be seen by the cmdlets.</summary>
internal static class NoPipeline
{
    public static readonly string[] Variables = ["TF_BUILD", "GITHUB_ACTIONS", "CI"];

    [ModuleInitializer]
    internal static void Forget()
    {
        foreach (var variable in Variables) Environment.SetEnvironmentVariable(variable, null);
    }
}

using Maestro.PowerShell.Tests.Hosting;

namespace Maestro.Shell.Tests;

/// <summary>The shell as a user starts it, with its streams redirected.</summary>
internal static class ShellProcess
{
    /// <summary>What the build of these tests carried along is the real program with its module beside it.</summary>
    public static string Assembly { get; } = Path.Combine(AppContext.BaseDirectory, "Maestro.Shell.dll");

    public static string Script(string name) => Path.Combine(AppContext.BaseDirectory, "Scripts", name + ".ps1");

    public static Task<StartedProcess> RunScript(string name, params string[] arguments) => StartedProcess.Run(Assembly, [Script(name), .. arguments]);

    public static Task<StartedProcess> RunCommand(string text) => StartedProcess.Run(Assembly, ["-Command", text]);
}

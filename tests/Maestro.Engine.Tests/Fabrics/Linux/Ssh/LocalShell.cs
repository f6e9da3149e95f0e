using System.Diagnostics;

namespace Maestro.Engine.Tests.Fabrics.Linux.Ssh;

/// <summary>The machine's own shells, for what can be tried without a host.</summary>
internal static class LocalShell
{
    public static bool Exists(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, program)));

    /// <summary>Feeds text to a shell's standard input and returns what came out, byte for byte.</summary>
    public static (byte[] Output, string Error) Run(string program, string[] arguments, byte[] input)
    {
        using var shell = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var error = shell.StandardError.ReadToEndAsync();
        var writing = Task.Run(() =>
        {
            shell.StandardInput.BaseStream.Write(input);
            shell.StandardInput.Close();
        });
        using var output = new MemoryStream();
        shell.StandardOutput.BaseStream.CopyTo(output);
        shell.WaitForExit();
        writing.GetAwaiter().GetResult();
        return (output.ToArray(), error.GetAwaiter().GetResult());
    }
}

using System.Runtime.InteropServices;

namespace Maestro.PowerShell.Tests.Hosting;

/// <summary>lib/netfx, as far as it can be run without Windows PowerShell.</summary>
public sealed class FrameworkTests
{
    private const string Mono = "/usr/bin/mono";
    private const string Facade = "/usr/lib/mono/4.5/Facades/netstandard.dll";

    [SkippableFact]
    public async Task Under_mono_the_cmdlets_load_and_a_lab_keeps_its_journal_in_SQLite()
    {
        Skip.IfNot(File.Exists(Mono) && File.Exists(Facade), "Needs mono with its netstandard facade (Debian: apt-get install mono-devel).");
        var native = Path.Combine(
            CarriedModule.Root, "lib", "runtimes", $"linux-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}", "native");

        // Windows finds a library by its bare name once it is in the process; mono asks the system, which asks this variable.
        var run = await StartedProcess.Run(
            Mono, [StartedAssembly.MonoHost, CarriedModule.Root], environment: new Dictionary<string, string?> { ["LD_LIBRARY_PATH"] = native });

        Assert.Equal(string.Empty, run.Error);
        Assert.Equal(
            ["cmdlet types: all loaded", "engine from: netfx", "group made: yes", "members: 2", "journal in a file: yes"],
            run.Lines);
    }
}

namespace Maestro.PowerShell.Tests.Hosting;

public sealed class IsolationTests
{
    /// <summary>The engine's own assembly is mapped, because PowerShell looks at every type of the cmdlets; it runs nothing.</summary>
    [Fact]
    public async Task Importing_loads_no_package_of_the_engine()
    {
        var fromModule = from path in await RunScript("ImportLoadsNoPackage")
                         where path.Contains($"{Path.DirectorySeparatorChar}Modules{Path.DirectorySeparatorChar}", StringComparison.Ordinal)
                         select Path.GetFileName(path);

        Assert.Equal(
            ["Maestro.Engine.dll", "Maestro.LoadContext.dll", "Maestro.Loader.dll", "Maestro.PowerShell.dll"],
            fromModule.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_module_with_other_versions_of_the_same_packages_and_this_one_both_work() =>
        Assert.Equal(
            [
                """{"decoy":true}""", "Newtonsoft.Json 13.0.1.25517", "stand-in for Renci.SshNet 2016.0.0.0",
                "gateways: 12", "engine in Maestro",
                "[1,2]", "Newtonsoft.Json 13.0.4.30916",
                "maestro", "Renci.SshNet 2026",
                """{"decoy":true}""", "Newtonsoft.Json 13.0.1.25517", "stand-in for Renci.SshNet 2016.0.0.0",
            ],
            await RunScript("LivesBesideDecoy", StartedAssembly.Decoy));

    [Fact]
    public async Task SQLite_comes_from_the_modules_own_folder()
    {
        var lines = await RunScript("OpensSqlite");

        Assert.Equal("answer 42", lines[0]);
        var native = Assert.Single(lines.Skip(1).Distinct());
        Assert.Contains(Path.Combine("lib", "runtimes"), native, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Importing_again_finds_the_one_load_context_of_the_process() =>
        Assert.Equal(["same engine: True", "contexts: 1"], await RunScript("ImportsAgain"));

    [Fact]
    public async Task A_runspace_that_closes_brings_running_work_to_rest_first() =>
        Assert.Equal(["end of script", "System.Management.Automation.Runspaces.LocalRunspace"], await RunScript("SaysWhenLeft"));

    [Fact]
    public async Task Removing_the_module_brings_running_work_to_rest() =>
        Assert.Equal(
            ["System.Management.Automation.Runspaces.LocalRunspace", "end of script"],
            (await RunScript("SaysWhenLeft", "remove")).Take(2));

    [Fact]
    public async Task The_manifest_exports_every_cmdlet_and_nothing_else() =>
        Assert.Equal(["compared True"], await RunScript("ComparesExports"));

    private static async Task<IReadOnlyList<string>> RunScript(string name, params string[] arguments)
    {
        var script = Path.Combine(AppContext.BaseDirectory, "Hosting", "Scripts", name + ".ps1");
        var run = await StartedProcess.Run(StartedAssembly.ModuleHost, [script, .. arguments]);
        Assert.True(run.ExitCode == 0, run.Error);
        return run.Lines;
    }
}

using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Reflection;
using System.Runtime.InteropServices;

namespace Maestro.PowerShell.Hosting;

/// <summary>Runs when the module comes and goes: tells the runtime where the engine lies, and nothing else.</summary>
public sealed class ModuleInitializer : IModuleAssemblyInitializer, IModuleAssemblyCleanup
{
    public void OnImport()
    {
        var libraryDirectory = Path.Combine(Path.GetDirectoryName(typeof(ModuleInitializer).Assembly.Location)!, "lib");
        if (Directory.Exists(libraryDirectory))
        {
            Install(libraryDirectory);
        }

        ModuleRemoval.WatchClosing(Runspace.DefaultRunspace);
    }

    public void OnRemove(PSModuleInfo psModuleInfo) => ModuleRemoval.BringToRest(Runspace.DefaultRunspace);

    private static void Install(string libraryDirectory)
    {
        var isFramework = RuntimeInformation.FrameworkDescription.StartsWith(".NET Framework", StringComparison.Ordinal)
            || Type.GetType("Mono.Runtime") is not null;
        if (isFramework)
        {
            FrameworkLoadContext.Install(libraryDirectory);
        }
        else
        {
            InstallPrivateContext(libraryDirectory);
        }
    }

    /// <summary>By name, because the context's base class does not exist on .NET Framework and PowerShell loads every type of this assembly.</summary>
    private static void InstallPrivateContext(string libraryDirectory) =>
        Assembly.LoadFrom(Path.Combine(libraryDirectory, "net", "Maestro.Loader.dll"))
            .GetType("Maestro.Loader.EngineLoadContext", throwOnError: true)!
            .GetMethod("Install")!
            .Invoke(null, [libraryDirectory]);
}

using System.Management.Automation;
using System.Reflection;
using System.Runtime.InteropServices;

namespace Maestro.Loader;

/// <summary>Tells the runtime where the engine lies, and does nothing else.</summary>
/// <remarks>
/// PowerShell loads every type of a binary module before it runs that module's own initializer, and a type with a field of
/// an engine type cannot be loaded without the engine. So this assembly is a nested module, which is imported first.
/// </remarks>
public sealed class ModuleLoader : IModuleAssemblyInitializer
{
    public void OnImport()
    {
        var libraryDirectory = Path.Combine(Path.GetDirectoryName(typeof(ModuleLoader).Assembly.Location)!, "lib");
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

    /// <summary>By name, because the context's base class does not exist on .NET Framework.</summary>
    private static void InstallPrivateContext(string libraryDirectory) =>
        Assembly.LoadFrom(Path.Combine(libraryDirectory, "net", "Maestro.LoadContext.dll"))
            .GetType("Maestro.LoadContext.EngineLoadContext", throwOnError: true)!
            .GetMethod("Install")!
            .Invoke(null, [libraryDirectory]);
}

using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace Maestro.PowerShell.Hosting;

/// <summary>Runs when the module comes and goes. What finds the engine is the nested module Maestro.Loader, imported before this one.</summary>
public sealed class ModuleInitializer : IModuleAssemblyInitializer, IModuleAssemblyCleanup
{
    public void OnImport() => ModuleRemoval.WatchClosing(Runspace.DefaultRunspace);

    public void OnRemove(PSModuleInfo psModuleInfo) => ModuleRemoval.BringToRest(Runspace.DefaultRunspace);
}

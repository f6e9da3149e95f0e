using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Reflection;
using Maestro.PowerShell.Tests.Hosting;

namespace Maestro.PowerShell.Tests.Conventions;

/// <summary>All cmdlets of the module, as PowerShell sees them.</summary>
internal static class ModuleCmdlets
{
    private static readonly Lazy<IReadOnlyList<CmdletInfo>> Loaded = new(Load);

    /// <summary>Verbs of cmdlets that look and wait.</summary>
    private static readonly HashSet<string> Looking = ["Get", "Compare", "Test", "Resolve", "Wait", "Watch", "Connect", "Disconnect"];

    public static IReadOnlyList<CmdletInfo> All => Loaded.Value;

    public static TheoryData<string> Names => [.. All.Select(c => c.Name)];

    public static TheoryData<string> ChangingNames => [.. All.Where(IsChanging).Select(c => c.Name)];

    public static CmdletInfo Named(string name) => All.Single(c => c.Name == name);

    public static bool IsChanging(CmdletInfo cmdlet) => !Looking.Contains(cmdlet.Verb);

    public static CmdletAttribute Declared(CmdletInfo cmdlet) => cmdlet.ImplementingType.GetCustomAttribute<CmdletAttribute>()!;

    /// <summary>Its own parameters, without those that PowerShell gives to every cmdlet.</summary>
    public static IEnumerable<ParameterMetadata> Parameters(CmdletInfo cmdlet) =>
        cmdlet.Parameters.Values.Where(p => !Cmdlet.CommonParameters.Contains(p.Name) && !Cmdlet.OptionalCommonParameters.Contains(p.Name));

    private static IReadOnlyList<CmdletInfo> Load()
    {
        var state = InitialSessionState.CreateDefault2();
        state.ImportPSModule(CarriedModule.Manifest);
        using var runspace = RunspaceFactory.CreateRunspace(state);
        runspace.Open();
        using var shell = System.Management.Automation.PowerShell.Create(runspace);
        var found = shell.AddScript("Get-Command -Module Maestro -CommandType Cmdlet").Invoke<CmdletInfo>().OrderBy(c => c.Name, StringComparer.Ordinal).ToList();
        // Their metadata is read while their runspace is there.
        foreach (var cmdlet in found) _ = (cmdlet.Parameters, cmdlet.OutputType);
        return found;
    }
}

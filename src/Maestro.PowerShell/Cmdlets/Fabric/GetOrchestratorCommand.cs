using System.Management.Automation;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Fabric;
using Maestro.PowerShell.Binding;
using Maestro.PowerShell.Hosting;

namespace Maestro.PowerShell.Cmdlets.Fabric;

/// <summary>Lists orchestrators by site.</summary>
[Cmdlet(VerbsCommon.Get, "Orchestrator")]
[OutputType(typeof(Orchestrator))]
public sealed class GetOrchestratorCommand : SessionCommand
{
    /// <summary>The id; wildcards are allowed.</summary>
    [Parameter(Position = 0)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(OrchestratorCompleter))]
    public string? Orchestrator { get; set; }

    /// <summary>Only this site.</summary>
    [Parameter]
    [ValidateRange(1, 2)]
    public int? Site { get; set; }

    private protected override void Process()
    {
        var session = SessionOf();
        var found = Selection.Of(ViewOf(session).Orchestrators, Orchestrator, o => o.Id, ErrorCatalogue.OrchestratorNotFound, "orchestrator", $"in '{session.Name}'");
        foreach (var orchestrator in found.Where(o => Site is null || o.Site == Site)) WriteObject(orchestrator);
    }
}

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

    private protected override void End()
    {
        var session = SessionOf();
        var view = Await(token => session.Engine.ObserveAsync(pending: false, token));
        foreach (var found in Selection.Of(view.Orchestrators.Where(o => Site is null || o.Site == Site), Orchestrator, o => o.Id, ErrorCatalogue.OrchestratorNotFound, "orchestrator", $"in '{session.Name}'")) WriteObject(found);
    }
}

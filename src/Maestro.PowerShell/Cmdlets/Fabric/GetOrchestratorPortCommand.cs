using System.Management.Automation;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Fabric;
using Maestro.PowerShell.Binding;
using Maestro.PowerShell.Hosting;

namespace Maestro.PowerShell.Cmdlets.Fabric;

/// <summary>Lists the orchestrators' ports.</summary>
[Cmdlet(VerbsCommon.Get, "OrchestratorPort")]
[OutputType(typeof(OrchestratorPort))]
public sealed class GetOrchestratorPortCommand : SessionCommand
{
    /// <summary>The id or interface name; wildcards are allowed.</summary>
    [Parameter(Position = 0)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(PortCompleter))]
    public string? Port { get; set; }

    /// <summary>Only ports of this orchestrator.</summary>
    [Parameter(ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(OrchestratorCompleter))]
    public OrchestratorArgument? Orchestrator { get; set; }

    /// <summary>Only ports of this type.</summary>
    [Parameter]
    public PortType? Type { get; set; }

    /// <summary>Only ports that no group owns.</summary>
    [Parameter]
    public SwitchParameter Free { get; set; }

    private protected override void Process()
    {
        var session = SessionOf(Orchestrator);
        var view = ViewOf(session);
        var of = Selection.Of(view.Orchestrators, Orchestrator?.Value, o => o.Id, ErrorCatalogue.OrchestratorNotFound, "orchestrator", $"in '{session.Name}'").Select(o => o.Id).ToList();
        var found = Selection.Of(view.Ports, Port, p => p.Id, ErrorCatalogue.PortNotFound, "port", $"in '{session.Name}'", p => p.Name);
        foreach (var port in found.Where(p => (Orchestrator is null || of.Contains(p.Orchestrator)) && (Type is null || p.Type == Type) && (!Free || p.SecurityGroup.Count == 0))) WriteObject(port);
    }
}

using System.Management.Automation;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Fabric;
using Maestro.PowerShell.Binding;
using Maestro.PowerShell.Hosting;

namespace Maestro.PowerShell.Cmdlets.Fabric;

/// <summary>Lists gateways: the unassigned pool and the members of groups.</summary>
[Cmdlet(VerbsCommon.Get, "Gateway")]
[OutputType(typeof(Gateway))]
public sealed class GetGatewayCommand : SessionCommand
{
    /// <summary>The id; wildcards are allowed.</summary>
    [Parameter(Position = 0)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(GatewayCompleter))]
    public string? Gateway { get; set; }

    /// <summary>Only the pool.</summary>
    [Parameter]
    public SwitchParameter Unassigned { get; set; }

    /// <summary>Only the gateways of this group.</summary>
    [Parameter(ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [AsTyped]
    [ArgumentCompleter(typeof(SecurityGroupCompleter))]
    public SecurityGroupArgument? SecurityGroup { get; set; }

    /// <summary>Only this site.</summary>
    [Parameter]
    [ValidateRange(1, 2)]
    public int? Site { get; set; }

    /// <summary>Only gateways in this state.</summary>
    [Parameter]
    public GatewayState[] State { get; set; } = [];

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(SessionCompleter))]
    public override SessionArgument? Session { get; set; }

    private protected override void Process()
    {
        RequirePiped(ErrorCatalogue.GroupNotFound, "Security Group", nameof(SecurityGroup));
        var session = SessionOf(SecurityGroup);
        var view = ViewOf(session);
        var group = SecurityGroup is null ? null : Selection.Group(view, SecurityGroup.Value, session.Name);
        var found = Selection.Of(view.Gateways, Gateway, g => g.Id, ErrorCatalogue.GatewayNotFound, "gateway", $"in '{session.Name}'");
        foreach (var gateway in found.Where(g =>
            (!Unassigned || g.SecurityGroup.Length == 0)
            && (group is null || g.SecurityGroup == group.Name)
            && (Site is null || g.Site == Site)
            && (State.Length == 0 || State.Contains(g.State)))) WriteObject(gateway);
    }
}

using System.Management.Automation;
using Maestro.Engine.Clustering.Membership;
using Maestro.PowerShell.Binding;
using Maestro.PowerShell.Hosting;

namespace Maestro.PowerShell.Cmdlets.SecurityGroup;

/// <summary>Makes a Security Group, its first members included in the same operation.</summary>
[Cmdlet(VerbsCommon.New, "SecurityGroup", SupportsShouldProcess = true)]
[OutputType(typeof(Engine.Model.Groups.SecurityGroup))]
public sealed class NewSecurityGroupCommand : ChangeCommand
{
    private readonly List<GatewayArgument> _gateways = [];

    /// <summary>The group's name: a letter first; not all digits, that would be an id.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    public string Name { get; set; } = "";

    /// <summary>The first members.</summary>
    [Parameter(Position = 1, ValueFromPipeline = true)]
    [AsTyped]
    [ArgumentCompleter(typeof(FreeGatewayCompleter))]
    public GatewayArgument[] Gateway { get; set; } = [];

    /// <summary>Ports by id or name; the free uplinks of the gateways' sites when absent.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(PortCompleter))]
    public string[] Port { get; set; } = [];

    /// <summary>What it is for.</summary>
    [Parameter]
    public string Description { get; set; } = "";

    /// <summary>Stops at pending.</summary>
    [Parameter]
    public SwitchParameter Stage { get; set; }

    private protected override void Process() => _gateways.AddRange(Gateway);

    private protected override void End()
    {
        var session = SessionOf([.. _gateways]);
        if (!Settle(session, Name)) return;
        var request = new NewGroupChange { Name = Name, Gateways = [.. _gateways.Select(g => g.Value).Distinct()], Ports = Port, Description = Description, StageOnly = Stage };
        var plan = Await(token => session.Engine.PreviewAsync(request, Options, token));
        if (!Ask(session, $"group '{Name}'", string.Join("; ", plan.Decisions.Select(d => d.ToString())))) return;
        var result = Run(session, request);
        if (result is null || result.Failure is not null) return;
        var view = Await(token => session.Engine.ObserveAsync(Stage, token));
        WriteObject(Selection.Group(view, Name, session.Name));
    }
}

using System.Management.Automation;
using Maestro.Engine.Clustering.Membership;
using Maestro.Engine.Model.Fabric;
using Maestro.Engine.Operations.Running;
using Maestro.PowerShell.Binding;
using Maestro.PowerShell.Hosting;

namespace Maestro.PowerShell.Cmdlets.Fabric;

/// <summary>Describes gateways.</summary>
[Cmdlet(VerbsCommon.Set, "Gateway", SupportsShouldProcess = true)]
[OutputType(typeof(Gateway))]
public sealed class SetGatewayCommand : GatheringCommand
{
    /// <summary>The gateway, by id or object.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [AsTyped]
    [ArgumentCompleter(typeof(GatewayCompleter))]
    public GatewayArgument[] Gateway { get; set; } = [];

    /// <summary>The new description.</summary>
    [Parameter(Mandatory = true)]
    [AllowEmptyString]
    public string Description { get; set; } = "";

    /// <summary>Stops at pending.</summary>
    [Parameter]
    public SwitchParameter Stage { get; set; }

    /// <summary>Writes the gateways.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override void Process() => Each(Gateway, argument =>
    {
        var session = SessionOf(argument);
        if (!Settle(session, "")) return;
        var gateway = Selection.Gateway(WorldOf(session).Deployed, argument.Value, session.Name);
        Offer(session, "", gateway.Id, $"gateway {gateway.Id}", ids => new SetGatewaysChange { Gateways = ids, Description = Description, StageOnly = Stage });
    });

    private protected override void WriteResult(Basket basket, OperationResult? result)
    {
        if (!PassThru || result?.Failure is not null) return;
        var view = Await(token => basket.Session.Engine.ObserveAsync(Stage, token));
        foreach (var gateway in view.Gateways.Where(g => basket.Changing.Contains(g.Id) || basket.AsWanted.Contains(g.Id))) WriteObject(gateway);
    }
}

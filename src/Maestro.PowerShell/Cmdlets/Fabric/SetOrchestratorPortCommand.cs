using System.Management.Automation;
using Maestro.Engine.Clustering.Membership;
using Maestro.Engine.Fabrics;
using Maestro.Engine.Model.Fabric;
using Maestro.Engine.Operations.Running;
using Maestro.PowerShell.Binding;
using Maestro.PowerShell.Hosting;

namespace Maestro.PowerShell.Cmdlets.Fabric;

/// <summary>Edits ports; live at once, never pending.</summary>
[Cmdlet(VerbsCommon.Set, "OrchestratorPort", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(OrchestratorPort))]
public sealed class SetOrchestratorPortCommand : GatheringCommand
{
    /// <summary>The port, by id, interface name or object.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ArgumentCompleter(typeof(PortCompleter))]
    public PortArgument[] Port { get; set; } = [];

    /// <summary>The new type.</summary>
    [Parameter]
    public PortType? Type { get; set; }

    /// <summary>Whether it is administratively up.</summary>
    [Parameter]
    public bool? Enabled { get; set; }

    /// <summary>The MTU in bytes.</summary>
    [Parameter]
    [ValidateRange(68, 10_236)]
    public int? Mtu { get; set; }

    /// <summary>How a QSFP port is split.</summary>
    [Parameter]
    [ValidateSet("4x10G", "4x25G", "25G", "40G", "100G")]
    public string? QsfpMode { get; set; }

    /// <summary>Whether speed and duplex are negotiated.</summary>
    [Parameter]
    public bool? AutoNegotiation { get; set; }

    /// <summary>Writes the ports.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <summary>Answers the confirmation, and nothing else.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override bool ForceGiven => Force;

    private protected override void Begin()
    {
        base.Begin();
        RequireOneOf(nameof(Type), nameof(Enabled), nameof(Mtu), nameof(QsfpMode), nameof(AutoNegotiation));
    }

    private protected override void Process() => Each(Port, argument =>
    {
        var session = SessionOf(argument);
        if (!Settle(session, "")) return;
        var port = Selection.Port(WorldOf(session).Deployed, argument.Value, session.Name);
        Offer(session, "", port.Id, $"port {port}", ids => new PortChange
        {
            Ports = [.. ids.Select(id => new PortSettings { PortId = id, Type = Type, Enabled = Enabled, Mtu = Mtu, QsfpMode = QsfpMode, AutoNegotiation = AutoNegotiation })],
        });
    });

    private protected override void WriteResult(Basket basket, OperationResult? result)
    {
        if (!PassThru || result?.Failure is not null) return;
        var view = Await(token => basket.Session.Engine.ObserveAsync(pending: false, token));
        foreach (var port in view.Ports.Where(p => basket.Changing.Contains(p.Id) || basket.AsWanted.Contains(p.Id))) WriteObject(port);
    }
}

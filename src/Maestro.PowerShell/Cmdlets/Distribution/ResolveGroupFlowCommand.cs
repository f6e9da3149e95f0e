using System.Management.Automation;
using System.Net;
using Maestro.Engine.Clustering.Distribution;
using Maestro.Engine.Model.Distribution;
using Maestro.PowerShell.Binding;
using Maestro.PowerShell.Hosting;

namespace Maestro.PowerShell.Cmdlets.Distribution;

/// <summary>Says which member of a group carries a flow, and who would take it over.</summary>
[Cmdlet(VerbsDiagnostic.Resolve, "GroupFlow")]
[OutputType(typeof(FlowPlacement))]
public sealed class ResolveGroupFlowCommand : SessionCommand
{
    // Numbers for the reason that is told in ChangeCommand.
    private int _protocol = (int)FlowProtocol.Tcp;

    private int _side = (int)FlowSide.Inside;

    /// <summary>The group, by name, id or object.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ArgumentCompleter(typeof(SecurityGroupCompleter))]
    public SecurityGroupArgument SecurityGroup { get; set; } = null!;

    /// <summary>Who opens the connection.</summary>
    [Parameter(Mandatory = true)]
    public IPAddress Source { get; set; } = null!;

    /// <summary>To whom.</summary>
    [Parameter(Mandatory = true)]
    public IPAddress Destination { get; set; } = null!;

    /// <summary>The protocol.</summary>
    [Parameter]
    [PSDefaultValue(Value = FlowProtocol.Tcp)]
    public FlowProtocol Protocol
    {
        get => (FlowProtocol)_protocol;
        set => _protocol = (int)value;
    }

    /// <summary>The port that the source uses.</summary>
    [Parameter]
    [ValidateRange(0, 65535)]
    public int SourcePort { get; set; }

    /// <summary>The port that is connected to.</summary>
    [Parameter]
    [ValidateRange(0, 65535)]
    public int DestinationPort { get; set; }

    /// <summary>The side that the source is on.</summary>
    [Parameter]
    [PSDefaultValue(Value = FlowSide.Inside)]
    public FlowSide Side
    {
        get => (FlowSide)_side;
        set => _side = (int)value;
    }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(SessionCompleter))]
    public override SessionArgument? Session { get; set; }

    private protected override void Process() => Each(new[] { SecurityGroup }, argument =>
    {
        var session = SessionOf(argument);
        var flow = new Flow(Source, Destination, (byte)Protocol, (ushort)SourcePort, (ushort)DestinationPort);
        var given = MyInvocation.BoundParameters;
        WriteObject(Await(token => session.Engine.ResolveFlowAsync(argument.Value, flow, Side, given.ContainsKey(nameof(SourcePort)), given.ContainsKey(nameof(DestinationPort)), token)));
    });
}

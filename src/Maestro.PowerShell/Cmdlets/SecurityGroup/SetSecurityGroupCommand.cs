using System.Management.Automation;
using Maestro.Engine.Clustering.Membership;
using Maestro.Engine.Operations.Running;
using Maestro.PowerShell.Binding;
using Maestro.PowerShell.Hosting;

namespace Maestro.PowerShell.Cmdlets.SecurityGroup;

/// <summary>Changes properties of Security Groups.</summary>
[Cmdlet(VerbsCommon.Set, "SecurityGroup", SupportsShouldProcess = true)]
[OutputType(typeof(Engine.Model.Groups.SecurityGroup))]
public sealed class SetSecurityGroupCommand : GatheringCommand
{
    /// <summary>The group, by name, id or object.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [AsTyped]
    [ArgumentCompleter(typeof(SecurityGroupCompleter))]
    public SecurityGroupArgument[] SecurityGroup { get; set; } = [];

    /// <summary>What it is for.</summary>
    [Parameter]
    public string? Description { get; set; }

    /// <summary>Ports that it gets.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(PortCompleter))]
    public string[] AddPort { get; set; } = [];

    /// <summary>Ports that it gives back.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(PortCompleter))]
    public string[] RemovePort { get; set; } = [];

    /// <summary>The management address with its prefix length, for example 198.51.100.40/24.</summary>
    [Parameter]
    public string? ManagementAddress { get; set; }

    /// <summary>The default gateway of the management address.</summary>
    [Parameter]
    public string? DefaultGateway { get; set; }

    /// <summary>How many members may be lost without overload: the 1 of N+1.</summary>
    [Parameter]
    [ValidateRange(0, 31)]
    public int? Spare { get; set; }

    /// <summary>Percent of its capacity that a member may reach after such a loss.</summary>
    [Parameter]
    [ValidateRange(1, 100)]
    public int? CapacityCeiling { get; set; }

    /// <summary>Stops at pending.</summary>
    [Parameter]
    public SwitchParameter Stage { get; set; }

    /// <summary>Writes the groups.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override void Begin()
    {
        base.Begin();
        RequireOneOf(nameof(Description), nameof(AddPort), nameof(RemovePort), nameof(ManagementAddress), nameof(DefaultGateway), nameof(Spare), nameof(CapacityCeiling));
    }

    private protected override void Process() => Each(SecurityGroup, argument =>
    {
        var session = SessionOf(argument);
        if (!Settle(session, argument.Value)) return;
        var group = WorldOf(session).Group(argument.Value).Name;
        Offer(session, group, group, $"group '{group}'", names => new SetGroupChange
        {
            Group = names[0],
            Description = Description,
            AddPorts = AddPort,
            RemovePorts = RemovePort,
            ManagementAddress = ManagementAddress,
            DefaultGateway = DefaultGateway,
            Spare = Spare,
            CapacityCeiling = CapacityCeiling,
            StageOnly = Stage,
        });
    });

    private protected override void WriteResult(Basket basket, OperationResult? result)
    {
        if (!PassThru || result?.Failure is not null) return;
        WriteObject(Selection.Group(Await(token => basket.Session.Engine.ObserveAsync(Stage, token)), basket.Group, basket.Session.Name));
    }
}

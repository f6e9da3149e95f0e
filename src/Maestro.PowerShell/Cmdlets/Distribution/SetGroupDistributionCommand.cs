using System.Management.Automation;
using Maestro.Engine.Clustering.Distribution;
using Maestro.Engine.Model.Distribution;
using Maestro.Engine.Operations.Running;
using Maestro.PowerShell.Binding;
using Maestro.PowerShell.Hosting;

namespace Maestro.PowerShell.Cmdlets.Distribution;

/// <summary>Changes what of a packet decides which member of its group carries it.</summary>
[Cmdlet(VerbsCommon.Set, "GroupDistribution", SupportsShouldProcess = true)]
[OutputType(typeof(GroupDistribution))]
public sealed class SetGroupDistributionCommand : GatheringCommand
{
    /// <summary>The group, by name, id or object.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [AsTyped]
    [ArgumentCompleter(typeof(SecurityGroupCompleter))]
    public SecurityGroupArgument[] SecurityGroup { get; set; } = [];

    /// <summary>Which addresses count.</summary>
    [Parameter]
    public DistributionMode? Mode { get; set; }

    /// <summary>Whether ports count, too.</summary>
    [Parameter]
    public bool? Layer4 { get; set; }

    /// <summary>A power of two; the more slots, the finer the shares.</summary>
    [Parameter]
    [ValidateRange(2, 65536)]
    public int? SlotCount { get; set; }

    /// <summary>Writes the distribution.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override bool NeedsDistributions => true;

    private protected override void Begin()
    {
        base.Begin();
        RequireOneOf(nameof(Mode), nameof(Layer4), nameof(SlotCount));
    }

    private protected override void Process() => Each(SecurityGroup, argument =>
    {
        var session = SessionOf(argument);
        if (!Settle(session, argument.Value)) return;
        var group = WorldOf(session).Group(argument.Value).Name;
        Offer(session, group, group, $"group '{group}'", names => new SetDistributionChange { Group = names[0], Mode = Mode, Layer4 = Layer4, SlotCount = SlotCount });
    });

    private protected override void WriteResult(Basket basket, OperationResult? result)
    {
        if (!PassThru || result?.Failure is not null) return;
        foreach (var member in Await(token => basket.Session.Engine.GetDistributionAsync(basket.Group, token))) WriteObject(member);
    }
}

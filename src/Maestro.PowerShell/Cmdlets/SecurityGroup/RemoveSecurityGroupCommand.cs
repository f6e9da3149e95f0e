using System.Management.Automation;
using Maestro.Engine.Clustering.Membership;
using Maestro.Engine.Operations.Running;
using Maestro.PowerShell.Binding;
using Maestro.PowerShell.Hosting;

namespace Maestro.PowerShell.Cmdlets.SecurityGroup;

/// <summary>Removes Security Groups; their members go back to the pool.</summary>
[Cmdlet(VerbsCommon.Remove, "SecurityGroup", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(Engine.Model.Groups.SecurityGroup))]
public sealed class RemoveSecurityGroupCommand : GatheringCommand
{
    private readonly Dictionary<(string Session, string Group), Engine.Model.Groups.SecurityGroup> _before = [];

    /// <summary>The group, by name, id or object.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [AsTyped]
    [ArgumentCompleter(typeof(SecurityGroupCompleter))]
    public SecurityGroupArgument[] SecurityGroup { get; set; } = [];

    /// <summary>Stops at pending.</summary>
    [Parameter]
    public SwitchParameter Stage { get; set; }

    /// <summary>Writes the groups as they were.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <summary>Answers the confirmation, and nothing else.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override bool ForceGiven => Force;

    private protected override void Process() => Each(SecurityGroup, argument =>
    {
        var session = SessionOf(argument);
        if (!Settle(session, argument.Value)) return;
        var group = WorldOf(session).Group(argument.Value);
        _before[(session.Name, group.Name)] = group;
        Offer(session, group.Name, group.Name, $"group '{group.Name}'", names => new RemoveGroupChange { Group = names[0], StageOnly = Stage });
    });

    private protected override void WriteResult(Basket basket, OperationResult? result)
    {
        if (PassThru && result is not null && result.Failure is null) WriteObject(_before[(basket.Session.Name, basket.Group)]);
    }
}

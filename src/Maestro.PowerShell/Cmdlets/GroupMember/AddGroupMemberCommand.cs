using System.Globalization;
using System.Management.Automation;
using Maestro.Engine.Clustering.Membership;
using Maestro.Engine.Operations.Running;
using Maestro.PowerShell.Binding;
using Maestro.PowerShell.Hosting;

namespace Maestro.PowerShell.Cmdlets.GroupMember;

/// <summary>Adds gateways to a group, all of the pipeline in one operation.</summary>
[Cmdlet(VerbsCommon.Add, "GroupMember", SupportsShouldProcess = true)]
[OutputType(typeof(Engine.Model.Groups.GroupMember))]
public sealed class AddGroupMemberCommand : GatheringCommand
{
    /// <summary>The group, by name, id or object.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [AsTyped]
    [ArgumentCompleter(typeof(SecurityGroupCompleter))]
    public SecurityGroupArgument SecurityGroup { get; set; } = null!;

    /// <summary>The gateways, by id or object.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [AsTyped]
    [ArgumentCompleter(typeof(FreeGatewayCompleter))]
    public GatewayArgument[] Gateway { get; set; } = [];

    /// <summary>The weight of the new members: 0..512, or Auto for by cores.</summary>
    [Parameter]
    [Weight]
    [ArgumentCompleter(typeof(WeightCompleter))]
    public string? Weight { get; set; }

    /// <summary>The member that the one new gateway takes over from; it leaves once the new one is active.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(GroupMemberCompleter))]
    public GroupMemberArgument? Replace { get; set; }

    /// <summary>Stops at pending.</summary>
    [Parameter]
    public SwitchParameter Stage { get; set; }

    private protected override void Process() => Each(Gateway, argument =>
    {
        var session = SessionOf(SecurityGroup, argument, Replace);
        if (!Settle(session, SecurityGroup.Value)) return;
        var world = WorldOf(session);
        var group = world.Group(SecurityGroup.Value).Name;
        var gateway = Selection.Gateway(world.Deployed, argument.Value, session.Name);
        Offer(session, group, gateway.Id, $"gateway {gateway.Id}", ids => new AddMembersChange
        {
            Group = group,
            Gateways = ids,
            Weight = string.IsNullOrEmpty(Weight) ? null : int.Parse(Weight, CultureInfo.InvariantCulture),
            Replace = Replace?.Value ?? "",
            StageOnly = Stage,
        });
    });

    private protected override void WriteResult(Basket basket, OperationResult? result)
    {
        // Those that were members already are written even when the others failed: they are what was asked for.
        var gateways = result?.Failure is null ? basket.Changing.Concat(basket.AsWanted).ToList() : basket.AsWanted;
        var view = Await(token => basket.Session.Engine.ObserveAsync(Stage, token));
        foreach (var member in view.Members.Where(m => m.SecurityGroup == basket.Group && gateways.Contains(m.Gateway, StringComparer.OrdinalIgnoreCase))) WriteObject(member);
    }
}

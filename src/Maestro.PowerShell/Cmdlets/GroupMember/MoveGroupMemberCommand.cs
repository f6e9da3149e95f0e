using System.Management.Automation;
using Maestro.Engine.Clustering.Membership;
using Maestro.Engine.Operations.Plans;
using Maestro.Engine.Operations.Running;
using Maestro.PowerShell.Binding;
using Maestro.PowerShell.Hosting;

namespace Maestro.PowerShell.Cmdlets.GroupMember;

/// <summary>Moves members to another group, under the leases of both.</summary>
[Cmdlet(VerbsCommon.Move, "GroupMember", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(Engine.Model.Groups.GroupMember))]
public sealed class MoveGroupMemberCommand : MemberCommand
{
    /// <summary>The group that they go to.</summary>
    [Parameter(Mandatory = true)]
    [AsTyped]
    [ArgumentCompleter(typeof(SecurityGroupCompleter))]
    public SecurityGroupArgument Destination { get; set; } = null!;

    /// <summary>Answers the confirmation, and nothing else.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override bool ForceGiven => Force;

    private protected override SecurityGroupArgument? OtherGroup => Destination;

    private protected override ChangeRequest Make(string group, IReadOnlyList<string> members) => new MoveMembersChange { Group = group, Members = members, Destination = Destination.Value };

    private protected override void WriteResult(Basket basket, OperationResult? result)
    {
        if (!PassThru || result is null || result.Failure is not null) return;
        // Their ids are new; the gateways are the same.
        var before = WorldOf(basket.Session).MembersOf(basket.Group).Where(m => basket.Changing.Contains(m.Member)).Select(m => m.Gateway).ToList();
        var view = Await(token => basket.Session.Engine.ObserveAsync(pending: false, token));
        foreach (var member in view.Members.Where(m => before.Contains(m.Gateway))) WriteObject(member);
    }
}

using System.Management.Automation;
using Maestro.Engine.Clustering.Membership;
using Maestro.Engine.Operations.Plans;
using Maestro.Engine.Operations.Running;
using Maestro.PowerShell.Hosting;

namespace Maestro.PowerShell.Cmdlets.GroupMember;

/// <summary>Takes members out of their group: drained, then back to the pool.</summary>
[Cmdlet(VerbsCommon.Remove, "GroupMember", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(Engine.Model.Groups.GroupMember))]
public sealed class RemoveGroupMemberCommand : MemberCommand
{
    /// <summary>Leaves the policy on the host instead of the fail-closed initial one (Linux).</summary>
    [Parameter]
    public SwitchParameter KeepPolicy { get; set; }

    /// <summary>Stops at pending.</summary>
    [Parameter]
    public SwitchParameter Stage { get; set; }

    /// <summary>Answers the confirmation, and nothing else.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override bool ForceGiven => Force;

    private protected override ChangeRequest Make(string group, IReadOnlyList<string> members) =>
        new RemoveMembersChange { Group = group, Members = members, KeepPolicy = KeepPolicy, StageOnly = Stage };

    private protected override void WriteResult(Basket basket, OperationResult? result)
    {
        if (!PassThru || result is null || result.Failure is not null) return;
        // They are no members any more: what is written is how they were.
        foreach (var member in WorldOf(basket.Session).MembersOf(basket.Group).Where(m => basket.Changing.Contains(m.Member))) WriteObject(member);
    }
}

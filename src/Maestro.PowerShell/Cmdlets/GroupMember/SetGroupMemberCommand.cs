using System.Management.Automation;
using Maestro.Engine.Clustering.Membership;
using Maestro.Engine.Operations.Plans;
using Maestro.PowerShell.Binding;
using Maestro.PowerShell.Hosting;

namespace Maestro.PowerShell.Cmdlets.GroupMember;

/// <summary>Changes the weight or the description of members.</summary>
[Cmdlet(VerbsCommon.Set, "GroupMember", SupportsShouldProcess = true)]
[OutputType(typeof(Engine.Model.Groups.GroupMember))]
public sealed class SetGroupMemberCommand : MemberCommand
{
    /// <summary>0..512, or Auto for by cores.</summary>
    [Parameter]
    [Weight]
    [ArgumentCompleter(typeof(WeightCompleter))]
    public string? Weight { get; set; }

    /// <summary>What to know about the member.</summary>
    [Parameter]
    public string? Description { get; set; }

    private protected override void Begin()
    {
        base.Begin();
        RequireOneOf(nameof(Weight), nameof(Description));
    }

    private protected override ChangeRequest Make(string group, IReadOnlyList<string> members) =>
        new SetMembersChange { Group = group, Members = members, Weight = MyInvocation.BoundParameters.ContainsKey(nameof(Weight)) ? Weight : null, Description = Description };
}

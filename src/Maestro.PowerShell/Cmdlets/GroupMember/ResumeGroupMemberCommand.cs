using System.Management.Automation;
using Maestro.Engine.Clustering.Membership;
using Maestro.Engine.Operations.Plans;
using Maestro.PowerShell.Hosting;

namespace Maestro.PowerShell.Cmdlets.GroupMember;

/// <summary>Brings suspended members back: policy and configuration first, then traffic.</summary>
[Cmdlet(VerbsLifecycle.Resume, "GroupMember", SupportsShouldProcess = true)]
[OutputType(typeof(Engine.Model.Groups.GroupMember))]
public sealed class ResumeGroupMemberCommand : MemberCommand
{
    private protected override ChangeRequest Make(string group, IReadOnlyList<string> members) => new ResumeMembersChange { Group = group, Members = members };
}

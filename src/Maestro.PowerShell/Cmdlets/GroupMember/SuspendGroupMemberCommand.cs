using System.Management.Automation;
using Maestro.Engine.Clustering.Membership;
using Maestro.Engine.Fabrics;
using Maestro.Engine.Operations.Plans;
using Maestro.PowerShell.Binding;
using Maestro.PowerShell.Hosting;

namespace Maestro.PowerShell.Cmdlets.GroupMember;

/// <summary>Drains members and takes them out of the distribution, until somebody resumes them.</summary>
[Cmdlet(VerbsLifecycle.Suspend, "GroupMember", SupportsShouldProcess = true)]
[OutputType(typeof(Engine.Model.Groups.GroupMember))]
public sealed class SuspendGroupMemberCommand : MemberCommand
{
    /// <summary>Move copies state and moves flows; Wait lets them end by themselves first.</summary>
    [Parameter]
    public DrainMode Drain { get; set; } = DrainMode.Move;

    /// <summary>How long draining may last; reached, the member is put back. Default: 5 minutes.</summary>
    [Parameter]
    [Duration]
    public TimeSpan? DrainTimeout { get; set; }

    private protected override ChangeRequest Make(string group, IReadOnlyList<string> members) =>
        new SuspendMembersChange { Group = group, Members = members, Drain = Drain, DrainTimeout = DrainTimeout };
}

using System.Management.Automation;
using Maestro.Engine.Clustering.Membership;
using Maestro.Engine.Operations.Plans;
using Maestro.PowerShell.Hosting;

namespace Maestro.PowerShell.Cmdlets.GroupMember;

/// <summary>Restarts members one after another: drain if they carry traffic, reboot, verify, resume.</summary>
[Cmdlet(VerbsLifecycle.Restart, "GroupMember", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(Engine.Model.Groups.GroupMember))]
public sealed class RestartGroupMemberCommand : MemberCommand
{
    /// <summary>Answers the confirmation, and nothing else.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override bool ForceGiven => Force;

    private protected override ChangeRequest Make(string group, IReadOnlyList<string> members) => new RestartMembersChange { Group = group, Members = members };
}

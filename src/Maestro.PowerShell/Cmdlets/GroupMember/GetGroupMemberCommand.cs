using System.Management.Automation;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Groups;
using Maestro.PowerShell.Binding;
using Maestro.PowerShell.Hosting;

namespace Maestro.PowerShell.Cmdlets.GroupMember;

/// <summary>Lists the members of groups.</summary>
[Cmdlet(VerbsCommon.Get, "GroupMember")]
[OutputType(typeof(Engine.Model.Groups.GroupMember))]
public sealed class GetGroupMemberCommand : SessionCommand
{
    /// <summary>The group, by name, id or object; all groups when absent.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(SecurityGroupCompleter))]
    public SecurityGroupArgument[] SecurityGroup { get; set; } = [];

    /// <summary>The member's id; wildcards are allowed.</summary>
    [Parameter(Position = 1)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(GroupMemberCompleter))]
    public string? Member { get; set; }

    /// <summary>Only members in this state.</summary>
    [Parameter]
    public MemberState[] State { get; set; } = [];

    private protected override void Process()
    {
        var session = SessionOf(SecurityGroup);
        var view = Await(token => session.Engine.ObserveAsync(pending: false, token));
        foreach (var argument in SecurityGroup.Length == 0 ? [new SecurityGroupArgument("*")] : SecurityGroup)
        {
            try
            {
                foreach (var group in GroupSelection.Of(view, argument.Value, session.Name))
                {
                    var members = view.Members.Where(m => m.SecurityGroup == group.Name && (State.Length == 0 || State.Contains(m.State)));
                    foreach (var member in Selection.Of(members, Member, m => m.Member, ErrorCatalogue.MemberNotFound, "member", $"of '{group.Name}'")) WriteObject(member);
                }
            }
            catch (MaestroException failure)
            {
                WriteFailure(failure);
            }
        }
    }
}

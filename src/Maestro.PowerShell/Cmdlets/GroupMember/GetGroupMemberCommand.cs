using System.Management.Automation;
using Maestro.Engine.Fabrics;
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
    [AsTyped]
    [ArgumentCompleter(typeof(SecurityGroupCompleter))]
    public SecurityGroupArgument[] SecurityGroup { get; set; } = [];

    /// <summary>The member's id; wildcards are allowed.</summary>
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(GroupMemberCompleter))]
    public string? Member { get; set; }

    /// <summary>Only members in this state.</summary>
    [Parameter]
    public MemberState[] State { get; set; } = [];

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(SessionCompleter))]
    public override SessionArgument? Session { get; set; }

    private protected override void Process()
    {
        RequirePiped(ErrorCatalogue.GroupNotFound, "Security Group", nameof(SecurityGroup));
        var session = SessionOf(SecurityGroup);
        var view = ViewOf(session);
        Each(SecurityGroup.Length == 0 ? [new SecurityGroupArgument("*")] : SecurityGroup, argument => Write(view, argument, session));
    }

    private void Write(TopologyView view, SecurityGroupArgument argument, OpenSession session)
    {
        var groups = Selection.Groups(view, argument.Value, session.Name);
        // With several groups a literal id is a pattern: not each of them needs to have that member.
        var among = view.Members.Where(m => groups.Any(g => g.Name == m.SecurityGroup));
        var where = groups.Count == 1 ? $"of '{groups[0].Name}'" : $"in '{session.Name}'";
        foreach (var member in Selection.Of(among, Member, m => m.Member, ErrorCatalogue.MemberNotFound, "member", where).Where(m => State.Length == 0 || State.Contains(m.State))) WriteObject(member);
    }
}

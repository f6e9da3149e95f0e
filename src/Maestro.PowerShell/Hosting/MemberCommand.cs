using System.Management.Automation;
using Maestro.Engine.Model.Groups;
using Maestro.Engine.Operations.Plans;
using Maestro.Engine.Operations.Running;
using Maestro.PowerShell.Binding;

namespace Maestro.PowerShell.Hosting;

/// <summary>Cmdlets about members of a group: group first, member second, both from the pipeline's objects.</summary>
public abstract class MemberCommand : GatheringCommand
{
    /// <summary>The group, by name, id or object.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [AsTyped]
    [ArgumentCompleter(typeof(SecurityGroupCompleter))]
    public SecurityGroupArgument SecurityGroup { get; set; } = null!;

    /// <summary>The members, by id (1_2) or object.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [AsTyped]
    [ArgumentCompleter(typeof(GroupMemberCompleter))]
    public GroupMemberArgument[] Member { get; set; } = [];

    /// <summary>Writes the members.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected abstract ChangeRequest Make(string group, IReadOnlyList<string> members);

    /// <summary>A further group that is concerned, of the same session.</summary>
    private protected virtual SecurityGroupArgument? OtherGroup => null;

    private protected override void Process() => Each(Member, argument =>
    {
        var session = SessionOf(SecurityGroup, argument, OtherGroup);
        if (!Settle(session, SecurityGroup.Value) || (OtherGroup is { } other && !Settle(session, other.Value))) return;
        var group = WorldOf(session).Group(SecurityGroup.Value).Name;
        var member = MemberId.TryParse(argument.Value, out var id) ? id.ToString() : argument.Value;
        Offer(session, group, member, $"member {member}", ids => Make(group, ids));
    });

    private protected override void WriteResult(Basket basket, OperationResult? result)
    {
        if (!PassThru || result?.Failure is not null) return;
        var members = basket.Changing.Concat(basket.AsWanted).ToList();
        var view = Await(token => basket.Session.Engine.ObserveAsync(pending: false, token));
        foreach (var member in view.Members.Where(m => m.SecurityGroup == basket.Group && members.Contains(m.Member))) WriteObject(member);
    }
}

using System.Management.Automation;
using Maestro.Engine.Operations.Plans;
using Maestro.Engine.Operations.Running;
using Maestro.PowerShell.Binding;

namespace Maestro.PowerShell.Hosting;

/// <summary>Cmdlets about members of a group: group first, member second, both from the pipeline's properties.</summary>
public abstract class MemberCommand : GatheringCommand
{
    /// <summary>The group, by name, id or object.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(SecurityGroupCompleter))]
    public SecurityGroupArgument SecurityGroup { get; set; } = null!;

    /// <summary>The members, by id: 1_2.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(GroupMemberCompleter))]
    public GroupMemberArgument[] Member { get; set; } = [];

    /// <summary>Writes the members.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected abstract ChangeRequest Make(string group, IReadOnlyList<string> members);

    private protected override void Process()
    {
        var session = SessionOf([SecurityGroup, .. Member]);
        var group = WorldOf(session, "").Group(SecurityGroup.Value).Name;
        foreach (var member in Member)
        {
            var id = Engine.Model.Groups.MemberId.TryParse(member.Value, out var parsed) ? parsed.ToString() : member.Value;
            Offer(session, group, id, $"member {id}", ids => Make(group, ids));
        }
    }

    private protected override void WriteResult(Basket basket, OperationResult? result)
    {
        if (!PassThru || result?.Failure is not null) return;
        var members = basket.Changing.Concat(basket.AsWanted).ToList();
        var view = Await(token => basket.Session.Engine.ObserveAsync(pending: false, token));
        foreach (var member in view.Members.Where(m => m.SecurityGroup == basket.Group && members.Contains(m.Member))) WriteObject(member);
    }
}

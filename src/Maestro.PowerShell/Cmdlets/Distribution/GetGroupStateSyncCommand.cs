using System.Management.Automation;
using Maestro.Engine.Model.Distribution;
using Maestro.Engine.Model.Errors;
using Maestro.PowerShell.Binding;
using Maestro.PowerShell.Hosting;

namespace Maestro.PowerShell.Cmdlets.Distribution;

/// <summary>Shows how the connections of groups are copied to the members that would take them over.</summary>
[Cmdlet(VerbsCommon.Get, "GroupStateSync")]
[OutputType(typeof(GroupStateSync))]
public sealed class GetGroupStateSyncCommand : SessionCommand
{
    /// <summary>The group, by name, id or object; all groups when absent.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [AsTyped]
    [ArgumentCompleter(typeof(SecurityGroupCompleter))]
    public SecurityGroupArgument[] SecurityGroup { get; set; } = [];

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(SessionCompleter))]
    public override SessionArgument? Session { get; set; }

    private protected override void Process()
    {
        RequirePiped(ErrorCatalogue.GroupNotFound, "Security Group", nameof(SecurityGroup));
        var session = SessionOf(SecurityGroup);
        var view = ViewOf(session);
        Each(SecurityGroup.Length == 0 ? [new SecurityGroupArgument("*")] : SecurityGroup, argument =>
        {
            foreach (var group in Selection.Groups(view, argument.Value, session.Name))
            {
                foreach (var member in Await(token => session.Engine.GetStateSyncAsync(group.Name, token))) WriteObject(member);
            }
        });
    }
}

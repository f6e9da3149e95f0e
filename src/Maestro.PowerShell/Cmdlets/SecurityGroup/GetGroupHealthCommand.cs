using System.Management.Automation;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Monitoring;
using Maestro.PowerShell.Binding;
using Maestro.PowerShell.Hosting;

namespace Maestro.PowerShell.Cmdlets.SecurityGroup;

/// <summary>Says how Security Groups are, one line a group.</summary>
[Cmdlet(VerbsCommon.Get, "GroupHealth")]
[OutputType(typeof(GroupHealth))]
public sealed class GetGroupHealthCommand : SessionCommand
{
    private readonly HashSet<(string Session, string Group)> _told = [];

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
            var groups = Selection.Groups(view, argument.Value, session.Name).Select(g => g.Name).Where(g => _told.Add((session.Name, g))).ToList();
            foreach (var health in Await(token => session.Engine.GetHealthAsync(groups, token))) WriteObject(health);
        });
    }
}

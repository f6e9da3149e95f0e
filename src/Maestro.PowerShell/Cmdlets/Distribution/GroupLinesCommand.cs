using System.Management.Automation;
using Maestro.Engine.Hosting;
using Maestro.Engine.Model.Errors;
using Maestro.PowerShell.Binding;
using Maestro.PowerShell.Hosting;

namespace Maestro.PowerShell.Cmdlets.Distribution;

/// <summary>Writes what is asked about groups, a line a member.</summary>
public abstract class GroupLinesCommand : SessionCommand
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

    private protected abstract Task<IReadOnlyList<object>> ListAsync(EngineHost engine, string group, CancellationToken cancellation);

    private protected override void Process()
    {
        RequirePiped(ErrorCatalogue.GroupNotFound, "Security Group", nameof(SecurityGroup));
        var session = SessionOf(SecurityGroup);
        var view = ViewOf(session);
        Each(SecurityGroup.Length == 0 ? [new SecurityGroupArgument("*")] : SecurityGroup, argument =>
        {
            foreach (var group in Selection.Groups(view, argument.Value, session.Name))
            {
                foreach (var line in Await(token => ListAsync(session.Engine, group.Name, token))) WriteObject(line);
            }
        });
    }
}

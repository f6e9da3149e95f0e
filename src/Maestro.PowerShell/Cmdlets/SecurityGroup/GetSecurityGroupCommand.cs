using System.Management.Automation;
using Maestro.Engine.Model.Errors;
using Maestro.PowerShell.Binding;
using Maestro.PowerShell.Hosting;

namespace Maestro.PowerShell.Cmdlets.SecurityGroup;

/// <summary>Lists Security Groups.</summary>
[Cmdlet(VerbsCommon.Get, "SecurityGroup")]
[OutputType(typeof(Engine.Model.Groups.SecurityGroup))]
public sealed class GetSecurityGroupCommand : SessionCommand
{
    /// <summary>The name, wildcards allowed, or the id.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Name")]
    [SupportsWildcards]
    [AsTyped]
    [ArgumentCompleter(typeof(SecurityGroupCompleter))]
    public SecurityGroupArgument[] SecurityGroup { get; set; } = [];

    /// <summary>The pending view instead of the deployed one.</summary>
    [Parameter]
    public SwitchParameter Pending { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(SessionCompleter))]
    public override SessionArgument? Session { get; set; }

    private protected override void Process()
    {
        RequirePiped(ErrorCatalogue.GroupNotFound, "Security Group", nameof(SecurityGroup));
        var session = SessionOf(SecurityGroup);
        var view = ViewOf(session, Pending);
        Each(SecurityGroup.Length == 0 ? [new SecurityGroupArgument("*")] : SecurityGroup, argument =>
        {
            foreach (var group in Selection.Groups(view, argument.Value, session.Name)) WriteObject(group);
        });
    }
}

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
    [ArgumentCompleter(typeof(SecurityGroupCompleter))]
    public SecurityGroupArgument[] SecurityGroup { get; set; } = [];

    /// <summary>The pending view instead of the deployed one.</summary>
    [Parameter]
    public SwitchParameter Pending { get; set; }

    private protected override void Process()
    {
        var session = SessionOf(SecurityGroup);
        var view = Await(token => session.Engine.ObserveAsync(Pending, token));
        foreach (var argument in SecurityGroup.Length == 0 ? [new SecurityGroupArgument("*")] : SecurityGroup)
        {
            try
            {
                foreach (var group in GroupSelection.Of(view, argument.Value, session.Name)) WriteObject(group);
            }
            catch (MaestroException failure)
            {
                WriteFailure(failure);
            }
        }
    }
}

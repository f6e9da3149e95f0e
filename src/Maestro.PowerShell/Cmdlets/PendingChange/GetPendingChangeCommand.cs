using System.Management.Automation;
using Maestro.PowerShell.Binding;
using Maestro.PowerShell.Hosting;

namespace Maestro.PowerShell.Cmdlets.PendingChange;

/// <summary>Lists what is pending against what is deployed, with whose it probably is.</summary>
[Cmdlet(VerbsCommon.Get, "PendingChange")]
[OutputType(typeof(Engine.Model.Groups.PendingChange))]
public sealed class GetPendingChangeCommand : SessionCommand
{
    /// <summary>Only changes of this group.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(SecurityGroupCompleter))]
    public SecurityGroupArgument? SecurityGroup { get; set; }

    private protected override void Process()
    {
        var session = SessionOf(SecurityGroup);
        var group = SecurityGroup is null
            ? null
            : GroupSelection.Require(Await(token => session.Engine.ObserveAsync(pending: true, token)), SecurityGroup.Value, session.Name).Name;
        foreach (var change in Await(session.Engine.GetPendingChangesAsync).Where(c => group is null || c.SecurityGroup == group)) WriteObject(change);
    }
}

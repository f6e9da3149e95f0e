using System.Management.Automation;
using Maestro.Engine.Model.Errors;
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
    [AsTyped]
    [ArgumentCompleter(typeof(SecurityGroupCompleter))]
    public SecurityGroupArgument? SecurityGroup { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(SessionCompleter))]
    public override SessionArgument? Session { get; set; }

    private protected override void Process()
    {
        RequirePiped(ErrorCatalogue.GroupNotFound, "Security Group", nameof(SecurityGroup));
        var session = SessionOf(SecurityGroup);
        var group = SecurityGroup is null ? null : GroupName(session, SecurityGroup.Value);
        foreach (var change in Await(session.Engine.GetPendingChangesAsync).Where(c => group is null || c.SecurityGroup == group)) WriteObject(change);
    }

    // A group that is about to be made is in the pending view only, one that is about to go in the deployed one only.
    private string GroupName(OpenSession session, string nameOrId)
    {
        try
        {
            return Selection.Group(ViewOf(session, pending: true), nameOrId, session.Name).Name;
        }
        catch (MaestroException failure) when (failure.Code == ErrorCatalogue.GroupNotFound)
        {
            return Selection.Group(ViewOf(session), nameOrId, session.Name).Name;
        }
    }
}

using System.Management.Automation;
using Maestro.Engine.Clustering.Membership;
using Maestro.PowerShell.Hosting;

namespace Maestro.PowerShell.Cmdlets.PendingChange;

/// <summary>Applies all that is pending: the fabric knows no part.</summary>
[Cmdlet(VerbsData.Publish, "PendingChange", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(Engine.Model.Groups.SecurityGroup))]
public sealed class PublishPendingChangeCommand : PendingChangeCommand
{
    /// <summary>Applies what somebody else staged, too. Asks for confirmation.</summary>
    [Parameter]
    public SwitchParameter IncludeForeign { get; set; }

    /// <summary>Writes the groups that were touched.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override void End()
    {
        var session = SessionOf();
        var touched = Await(session.Engine.GetPendingChangesAsync).Select(c => c.SecurityGroup).Where(g => g.Length > 0).Distinct().ToList();
        if (!Change(session, new PublishPendingChange { IncludeForeign = IncludeForeign }, IncludeForeign) || !PassThru) return;
        var view = Await(token => session.Engine.ObserveAsync(pending: false, token));
        foreach (var group in view.Groups.Where(g => touched.Contains(g.Name))) WriteObject(group);
    }
}

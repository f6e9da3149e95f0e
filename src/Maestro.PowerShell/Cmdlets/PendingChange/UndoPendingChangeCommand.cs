using System.Management.Automation;
using Maestro.Engine.Clustering.Membership;
using Maestro.PowerShell.Hosting;

namespace Maestro.PowerShell.Cmdlets.PendingChange;

/// <summary>Discards what is pending.</summary>
[Cmdlet(VerbsCommon.Undo, "PendingChange", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(void))]
public sealed class UndoPendingChangeCommand : PendingChangeCommand
{
    /// <summary>Discards what somebody else staged, too.</summary>
    [Parameter]
    public SwitchParameter IncludeForeign { get; set; }

    private protected override void End() => Change(SessionOf(), new UndoPendingChange { IncludeForeign = IncludeForeign }, IncludeForeign);
}

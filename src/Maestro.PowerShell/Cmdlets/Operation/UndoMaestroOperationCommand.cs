using System.Management.Automation;
using Maestro.Engine.Model.Operations;
using Maestro.PowerShell.Hosting;

namespace Maestro.PowerShell.Cmdlets.Operation;

/// <summary>Runs an operation's inverses, newest first, and says what has none.</summary>
[Cmdlet(VerbsCommon.Undo, "MaestroOperation", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(MaestroOperation))]
public sealed class UndoMaestroOperationCommand : OperationControlCommand
{
    /// <summary>Answers the confirmation, and nothing else.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Returns at once with the operation; the work goes on in this session.</summary>
    [Parameter]
    public SwitchParameter NoWait { get; set; }

    private protected override bool ForceGiven => Force;

    private protected override bool NoWaitGiven => NoWait;

    private protected override string Words(MaestroOperation operation) => "take back what it did, newest step first";

    private protected override void Steer(OpenSession session, MaestroOperation operation) =>
        RunOn(session, operation, options => session.Engine.UndoAsync(operation.Id, options));
}

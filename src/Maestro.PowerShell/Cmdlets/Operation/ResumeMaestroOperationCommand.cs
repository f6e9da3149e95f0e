using System.Management.Automation;
using Maestro.Engine.Model.Operations;
using Maestro.PowerShell.Hosting;

namespace Maestro.PowerShell.Cmdlets.Operation;

/// <summary>Does an operation's next step: goes on when it is paused, takes over when its owner is gone.</summary>
[Cmdlet(VerbsLifecycle.Resume, "MaestroOperation", SupportsShouldProcess = true)]
[OutputType(typeof(MaestroOperation))]
public sealed class ResumeMaestroOperationCommand : OperationControlCommand
{
    /// <summary>Returns at once with the operation; the work goes on in this session.</summary>
    [Parameter]
    public SwitchParameter NoWait { get; set; }

    private protected override bool NoWaitGiven => NoWait;

    private protected override string Words(MaestroOperation operation) => operation.NextStep.Length > 0 ? operation.NextStep : "go on";

    private protected override void Steer(OpenSession session, MaestroOperation operation) =>
        RunOn(session, operation, options => session.Engine.ResumeAsync(operation.Id, options));
}

using System.Management.Automation;
using Maestro.Engine.Model.Operations;
using Maestro.PowerShell.Hosting;

namespace Maestro.PowerShell.Cmdlets.Operation;

/// <summary>Ends operations for good; what is out comes back.</summary>
[Cmdlet(VerbsLifecycle.Stop, "MaestroOperation", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(MaestroOperation))]
public sealed class StopMaestroOperationCommand : OperationControlCommand
{
    /// <summary>Answers the confirmation, and nothing else.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override bool ForceGiven => Force;

    private protected override string Words(MaestroOperation operation) => "end for good, what is out comes back";

    private protected override void Steer(OpenSession session, MaestroOperation operation) =>
        WriteObject(Await(token => session.Engine.StopAsync(operation.Id, Options with { Rest = token })));
}

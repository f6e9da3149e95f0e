using System.Management.Automation;
using Maestro.Engine.Model.Operations;
using Maestro.PowerShell.Hosting;

namespace Maestro.PowerShell.Cmdlets.Operation;

/// <summary>Pauses operations after the step in flight, members back in service.</summary>
[Cmdlet(VerbsLifecycle.Suspend, "MaestroOperation", SupportsShouldProcess = true)]
[OutputType(typeof(MaestroOperation))]
public sealed class SuspendMaestroOperationCommand : OperationControlCommand
{
    private protected override string Words(MaestroOperation operation) => "pause after the step in flight, members back in service";

    private protected override void Steer(OpenSession session, MaestroOperation operation) =>
        WriteObject(Await(token => session.Engine.SuspendAsync(operation.Id, Options with { Rest = token })));
}

using System.Management.Automation;
using Maestro.Engine.Model.Operations;
using Maestro.PowerShell.Binding;
using Maestro.PowerShell.Hosting;

namespace Maestro.PowerShell.Cmdlets.Operation;

/// <summary>Waits until operations are at rest, in whichever process they run.</summary>
[Cmdlet(VerbsLifecycle.Wait, "MaestroOperation")]
[OutputType(typeof(MaestroOperation))]
public sealed class WaitMaestroOperationCommand : SessionCommand
{
    /// <summary>The operations, by id, unique beginning or object.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ArgumentCompleter(typeof(OperationCompleter))]
    public OperationArgument[] Operation { get; set; } = [];

    /// <summary>How long at most; without it as long as it takes.</summary>
    [Parameter]
    [Duration]
    public TimeSpan? Timeout { get; set; }

    private protected override void Process()
    {
        foreach (var argument in Operation)
        {
            var session = SessionOf(argument);
            WriteObject(Await(token => session.Engine.WaitAsync(argument.Value, Timeout, token)));
        }
    }
}

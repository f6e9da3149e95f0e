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
    private const int WaitActivity = 1;

    /// <summary>The operations, by id, unique beginning or object.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [AsTyped]
    [ArgumentCompleter(typeof(OperationCompleter))]
    public OperationArgument[] Operation { get; set; } = [];

    /// <summary>How long at most; without it as long as it takes.</summary>
    [Parameter]
    [Duration]
    public TimeSpan? Timeout { get; set; }

    private protected override void Process() => Each(Operation, argument =>
    {
        var session = SessionOf(argument);
        var operation = Await(_ => session.Engine.GetOperationAsync(argument.Value));
        var wait = new ProgressRecord(WaitActivity, $"Waiting for {operation.Id}", $"{operation.Kind} {operation.SecurityGroup} of {operation.Owner} is {operation.State} since {operation.StartedAt.ToLocalTime():G}");
        CommandRuntime.WriteProgress(WaitActivity, wait);
        try
        {
            WriteObject(Await(token => session.Engine.WaitAsync(operation.Id, Timeout, token)));
        }
        finally
        {
            wait.RecordType = ProgressRecordType.Completed;
            Host.UI?.WriteProgress(WaitActivity, wait);
        }
    });
}

using System.Management.Automation;
using Maestro.Engine.Model.Operations;
using Maestro.Engine.Operations.Running;
using Maestro.PowerShell.Binding;

namespace Maestro.PowerShell.Hosting;

/// <summary>Cmdlets that steer an operation of this or another process.</summary>
public abstract class OperationControlCommand : OperationCommand
{
    /// <summary>The operations, by id, unique beginning or object.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [AsTyped]
    [ArgumentCompleter(typeof(OperationCompleter))]
    public OperationArgument[] Operation { get; set; } = [];

    private protected abstract string Words(MaestroOperation operation);

    /// <summary>Does it and writes the operation.</summary>
    private protected abstract void Steer(OpenSession session, MaestroOperation operation);

    private protected override void Process() => Each(Operation, argument =>
    {
        var session = SessionOf(argument);
        var operation = Await(_ => session.Engine.GetOperationAsync(argument.Value));
        if (Ask(session, $"operation {operation.Id} ({operation.Kind}{(operation.SecurityGroup.Length > 0 ? $" of '{operation.SecurityGroup}'" : "")})", Words(operation))) Steer(session, operation);
    });

    /// <summary>Runs what goes on from here, and writes the operation that came of it.</summary>
    private protected void RunOn(OpenSession session, MaestroOperation operation, Func<RunOptions, Task<OperationHandle>> start) =>
        Run(session, operation.Id, start, result =>
        {
            if (result.Operation is { } ended) WriteObject(ended);
        });
}

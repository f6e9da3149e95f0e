using System.Management.Automation;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Operations;
using Maestro.Engine.Operations.Journal;
using Maestro.PowerShell.Binding;
using Maestro.PowerShell.Hosting;

namespace Maestro.PowerShell.Cmdlets.Operation;

/// <summary>Reads the journal: what was done, what is under way, what waits.</summary>
[Cmdlet(VerbsCommon.Get, "MaestroOperation")]
[OutputType(typeof(MaestroOperation))]
public sealed class GetMaestroOperationCommand : SessionCommand
{
    /// <summary>An id or its unique beginning.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [AsTyped]
    [ArgumentCompleter(typeof(OperationCompleter))]
    public OperationArgument[] Operation { get; set; } = [];

    /// <summary>Only operations on this group.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AsTyped]
    [ArgumentCompleter(typeof(SecurityGroupCompleter))]
    public SecurityGroupArgument? SecurityGroup { get; set; }

    /// <summary>Only operations of this kind, such as SyncPolicy.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(OperationKindCompleter))]
    public string? Kind { get; set; }

    /// <summary>Only operations in these states.</summary>
    [Parameter]
    public OperationState[] State { get; set; } = [];

    /// <summary>Only operations begun since then: a date, or a duration, which means ago.</summary>
    [Parameter]
    [AsTyped]
    public MomentArgument? After { get; set; }

    /// <summary>Only the newest so many.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int? Newest { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(SessionCompleter))]
    public override SessionArgument? Session { get; set; }

    private protected override void Process()
    {
        RequirePiped(ErrorCatalogue.OperationNotFound, "operation and no Security Group", nameof(Operation), nameof(SecurityGroup));
        if (Operation.Length > 0)
        {
            Each(Operation, argument =>
            {
                var session = SessionOf(argument);
                WriteObject(Await(_ => session.Engine.GetOperationAsync(argument.Value)));
            });
            return;
        }

        var from = SessionOf(SecurityGroup);
        var query = new OperationQuery
        {
            SecurityGroup = SecurityGroup?.Value,
            Kind = Kind,
            States = State.Length == 0 ? null : State,
            After = After?.Resolve(from.Engine.Now),
            Newest = Newest,
        };
        foreach (var operation in Await(_ => from.Engine.GetOperationsAsync(query))) WriteObject(operation);
    }
}

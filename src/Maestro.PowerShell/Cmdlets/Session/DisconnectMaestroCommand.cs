using System.Management.Automation;
using Maestro.PowerShell.Binding;
using Maestro.PowerShell.Hosting;

namespace Maestro.PowerShell.Cmdlets.Session;

/// <summary>Brings running work to rest and closes sessions.</summary>
[Cmdlet(VerbsCommunications.Disconnect, "Maestro")]
[OutputType(typeof(void))]
public sealed class DisconnectMaestroCommand : MaestroCommand
{
    /// <summary>The sessions, by name or object; the default one when absent.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [ArgumentCompleter(typeof(SessionCompleter))]
    public SessionArgument[] Session { get; set; } = [];

    private protected override void Process()
    {
        var table = SessionTable.Current;
        Each(Session.Length == 0 ? [table.Require(null).Name] : Session.Select(s => s.Name), name =>
        {
            var session = table.Require(name);
            table.Remove(session);
            foreach (var operation in Await(_ => SessionTable.CloseAsync(session))) WriteWarning(OperationWords.WhereItStands(operation));
        });
    }
}

using System.Management.Automation;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Sessions;
using Maestro.PowerShell.Binding;
using Maestro.PowerShell.Hosting;

namespace Maestro.PowerShell.Cmdlets.Session;

/// <summary>Lists the open sessions of this runspace.</summary>
[Cmdlet(VerbsCommon.Get, "MaestroSession")]
[OutputType(typeof(MaestroSession))]
public sealed class GetMaestroSessionCommand : MaestroCommand
{
    /// <summary>The name; wildcards are allowed.</summary>
    [Parameter(Position = 0)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(SessionCompleter))]
    public string Name { get; set; } = "*";

    private protected override void End()
    {
        var table = SessionTable.Current;
        var found = Selection.Of(table.Sessions, Name, s => s.Name, ErrorCatalogue.SessionNotFound, "session", "here");
        foreach (var session in found) WriteObject(session.Describe(session == table.Default));
    }
}

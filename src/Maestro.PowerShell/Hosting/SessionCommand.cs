using System.Management.Automation;
using Maestro.Engine.Model.Errors;
using Maestro.PowerShell.Binding;

namespace Maestro.PowerShell.Hosting;

/// <summary>Cmdlets that work in a session: the one named, the one that the object came from, or the runspace's default.</summary>
public abstract class SessionCommand : MaestroCommand
{
    /// <summary>The session, by name or object; the default one when absent.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(SessionCompleter))]
    public SessionArgument? Session { get; set; }

    /// <exception cref="MaestroException"><c>NotConnected</c>, <c>SessionNotFound</c>, <c>SessionMismatch</c>.</exception>
    private protected OpenSession SessionOf(params SubjectArgument?[] subjects)
    {
        var named = Session?.Name ?? "";
        foreach (var subject in subjects)
        {
            var from = subject?.Session ?? "";
            if (from.Length == 0) continue;
            if (named.Length > 0 && !string.Equals(from, named, StringComparison.OrdinalIgnoreCase))
            {
                throw new MaestroException(ErrorCatalogue.SessionMismatch, $"{subject} comes from session '{from}', but -Session names '{named}'. Nothing was sent.", subject!.ToString());
            }

            named = from;
        }

        return SessionTable.Current.Require(named);
    }
}

using System.Management.Automation;
using Maestro.Engine.Fabrics;
using Maestro.Engine.Model.Errors;
using Maestro.PowerShell.Binding;

namespace Maestro.PowerShell.Hosting;

/// <summary>Cmdlets that work in a session: the one named, the one that the object came from, or the runspace's default.</summary>
public abstract class SessionCommand : MaestroCommand
{
    private readonly Dictionary<(string Session, bool Pending), TopologyView> _views = [];

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
                throw new MaestroException(ErrorCatalogue.SessionMismatch, $"{subject} comes from session '{from}', not from '{named}'. Nothing was sent.", subject!.ToString());
            }

            named = from;
        }

        return SessionTable.Current.Require(named);
    }

    /// <summary>What this call has seen of a session: asked once, however many objects are piped.</summary>
    private protected TopologyView ViewOf(OpenSession session, bool pending = false)
    {
        if (!_views.TryGetValue((session.Name, pending), out var view))
        {
            _views[(session.Name, pending)] = view = Await(token => session.Engine.ObserveAsync(pending, token));
        }

        return view;
    }
}

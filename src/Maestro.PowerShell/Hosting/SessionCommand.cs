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
    /// <remarks>Where a subject is taken from a property of what is piped, the session is too: an override says so. Elsewhere an object that fits nothing else must not bind by it alone.</remarks>
    [Parameter]
    [ArgumentCompleter(typeof(SessionCompleter))]
    public virtual SessionArgument? Session { get; set; }

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

    /// <summary>Refuses a piped object that names no subject: an optional subject that is absent means "all", and that was not asked for.</summary>
    /// <exception cref="MaestroException">Of the given code.</exception>
    private protected void RequirePiped(ErrorCode code, string kind, params string[] parameters)
    {
        if (!MyInvocation.ExpectingInput || parameters.Any(MyInvocation.BoundParameters.ContainsKey)) return;
        throw new MaestroException(code, $"What was piped to {MyInvocation.MyCommand.Name} names no {kind}.", kind);
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

using System.Management.Automation;
using Maestro.Engine.Fabrics;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Groups;
using Maestro.PowerShell.Binding;

namespace Maestro.PowerShell.Hosting;

/// <summary>Cmdlets that work in a session: the one named, the one that the object came from, or the runspace's default.</summary>
public abstract class SessionCommand : MaestroCommand
{
    private readonly Dictionary<(string Session, bool Pending), TopologyView> _views = [];
    private readonly HashSet<(string Session, string Operation)> _unsettled = [];

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

        var session = SessionTable.Current.Require(named);
        SayUnsettled(session, subjects);
        return session;
    }

    /// <summary>Whatever is asked of a group of which nobody knows on which side its members are says so, once.</summary>
    private void SayUnsettled(OpenSession session, SubjectArgument?[] subjects)
    {
        if (!MyInvocation.MyCommand.Parameters.ContainsKey("SecurityGroup")) return;
        var groups = subjects.OfType<SecurityGroupArgument>().Select(g => g.Value).Where(g => !GroupName.IsId(g) && !WildcardPattern.ContainsWildcardCharacters(g)).ToList();
        foreach (var unsettled in Await(_ => session.Engine.GetUnsettledAsync()))
        {
            if (groups.Count > 0 && !groups.Contains(unsettled.SecurityGroup, StringComparer.OrdinalIgnoreCase)) continue;
            if (!_unsettled.Add((session.Name, unsettled.Operation))) continue;
            WriteWarning($"'{unsettled.SecurityGroup}' is {unsettled}. Its next change settles that first; so does Resume-MaestroOperation {unsettled.Operation}.");
        }
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

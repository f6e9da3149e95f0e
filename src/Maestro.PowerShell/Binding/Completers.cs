using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using Maestro.Engine.Fabrics;
using Maestro.Engine.Model.Operations;
using Maestro.PowerShell.Hosting;

namespace Maestro.PowerShell.Binding;

/// <summary>Completion from what the session has seen: never asks the network, never throws, quotes in one place.</summary>
public abstract class Completer : IArgumentCompleter
{
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        try
        {
            var word = wordToComplete.Trim('\'', '"');
            return [.. Candidates(fakeBoundParameters)
                .Where(c => c.Value.StartsWith(word, StringComparison.OrdinalIgnoreCase))
                .Select(c => new CompletionResult(Quote(c.Value), c.Value, CompletionResultType.ParameterValue, c.Tip.Length > 0 ? c.Tip : c.Value))];
        }
        catch (Exception)
        {
            // A completer that throws breaks the user's prompt; no suggestion is the worst that may happen.
            return [];
        }
    }

    private protected abstract IEnumerable<(string Value, string Tip)> Candidates(IDictionary bound);

    private protected static OpenSession? Session(IDictionary bound)
    {
        var table = SessionTable.Current;
        return bound["Session"] is { } named ? table.Find(named.ToString()!) : table.Default;
    }

    private protected static TopologyView? View(IDictionary bound) => Session(bound)?.Engine.LastSeen;

    private static string Quote(string value) =>
        value.All(c => char.IsLetterOrDigit(c) || c is '_' or '-' or '.' or '/') ? value : "'" + value.Replace("'", "''") + "'";
}

public sealed class SessionCompleter : Completer
{
    private protected override IEnumerable<(string, string)> Candidates(IDictionary bound) =>
        SessionTable.Current.Sessions.Select(s => (s.Name, $"{s.Engine.Traits.Name} {s.Engine.Traits.Endpoint}"));
}

public sealed class SecurityGroupCompleter : Completer
{
    private protected override IEnumerable<(string, string)> Candidates(IDictionary bound) =>
        View(bound)?.Groups.Select(g => (g.Name, $"{g.State}, {g.ActiveCount}/{g.MemberCount} active")) ?? [];
}

public sealed class GroupMemberCompleter : Completer
{
    private protected override IEnumerable<(string, string)> Candidates(IDictionary bound)
    {
        var group = bound["SecurityGroup"]?.ToString();
        return View(bound)?.Members.Where(m => group is null || string.Equals(m.SecurityGroup, group, StringComparison.OrdinalIgnoreCase))
            .Select(m => (m.Member, $"{m.State} {m.Gateway} {m.Model}")).Distinct() ?? [];
    }
}

public sealed class GatewayCompleter : Completer
{
    private protected override IEnumerable<(string, string)> Candidates(IDictionary bound) =>
        View(bound)?.Gateways.Select(g => (g.Id, $"{g.State} {g.SecurityGroup} {g.Model}")) ?? [];
}

public sealed class OrchestratorCompleter : Completer
{
    private protected override IEnumerable<(string, string)> Candidates(IDictionary bound) =>
        View(bound)?.Orchestrators.Select(o => (o.Id, $"{o.State} {o.Version}")) ?? [];
}

public sealed class PortCompleter : Completer
{
    private protected override IEnumerable<(string, string)> Candidates(IDictionary bound) =>
        View(bound)?.Ports.Select(p => (p.Name.Length > 0 ? p.Name : p.Id, $"{p.Type} of {p.Orchestrator}")) ?? [];
}

public sealed class OperationCompleter : Completer
{
    private protected override IEnumerable<(string, string)> Candidates(IDictionary bound) =>
        Session(bound)?.Engine.LastOperations.Select((MaestroOperation o) => (o.Id, $"{o.State} {o.Kind} {o.SecurityGroup}")) ?? [];
}

public sealed class SkipCheckCompleter : Completer
{
    private protected override IEnumerable<(string, string)> Candidates(IDictionary bound) =>
        [("Capacity", "the N+1 arithmetic"), ("LastActive", "the last active member of a group"), ("Reachable", "a member that does not answer")];
}

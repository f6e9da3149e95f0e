using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using System.Text.RegularExpressions;
using Maestro.Engine.Fabrics;
using Maestro.PowerShell.Hosting;

namespace Maestro.PowerShell.Binding;

/// <summary>Completion from what the session has seen: never asks the network, never throws, quotes in one place.</summary>
public abstract class Completer : IArgumentCompleter
{
    private static readonly Regex Plain = new(@"^[A-Za-z0-9_./][A-Za-z0-9_./-]*$", RegexOptions.CultureInvariant);

    // 12, 1e5, 10kb, 1d: the parser would make numbers of them, in a list for good.
    private static readonly Regex NumberLike = new(@"^(?:0x[0-9a-f]+|[\d.]+(?:e\d+)?[a-z]{0,3})$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase);

    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        try
        {
            var word = wordToComplete.Trim('\'', '"');
            return [.. Candidates(fakeBoundParameters)
                .Where(c => c.Value.StartsWith(word, StringComparison.OrdinalIgnoreCase))
                .GroupBy(c => c.Value)
                .Select(same => new CompletionResult(Quote(same.Key), same.Key, CompletionResultType.ParameterValue, string.Join("; ", same.Select(c => c.Tip.Length > 0 ? c.Tip : c.Value).Distinct())))];
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

    /// <summary>The name of the group that was typed already, by name or id; null when none was.</summary>
    private protected static string? GroupTyped(IDictionary bound, TopologyView view, string parameter = "SecurityGroup")
    {
        if (bound[parameter]?.ToString() is not { Length: > 0 } typed) return null;
        return view.Groups.FirstOrDefault(g => string.Equals(g.Name, typed, StringComparison.OrdinalIgnoreCase) || Engine.Model.Groups.GroupName.IdText(g.Id) == typed)?.Name ?? typed;
    }

    private static string Quote(string value) => Plain.IsMatch(value) && !NumberLike.IsMatch(value) ? value : "'" + value.Replace("'", "''") + "'";
}

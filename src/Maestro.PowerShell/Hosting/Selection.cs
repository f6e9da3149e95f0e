using System.Management.Automation;
using Maestro.Engine.Model.Errors;

namespace Maestro.PowerShell.Hosting;

/// <summary>The rule of Get-: a wildcard without a match is nothing, an unknown literal name is an error.</summary>
internal static class Selection
{
    /// <exception cref="MaestroException">A literal name that nobody has.</exception>
    public static IReadOnlyList<T> Of<T>(IEnumerable<T> all, string? pattern, Func<T, string> nameOf, ErrorCode notFound, string kind, string where, Func<T, string>? idOf = null)
    {
        if (string.IsNullOrEmpty(pattern)) return [.. all];
        var wildcard = new WildcardPattern(pattern, WildcardOptions.IgnoreCase | WildcardOptions.CultureInvariant);
        var found = all.Where(x => wildcard.IsMatch(nameOf(x)) || (idOf is not null && string.Equals(idOf(x), pattern, StringComparison.OrdinalIgnoreCase))).ToList();
        if (found.Count > 0 || WildcardPattern.ContainsWildcardCharacters(pattern)) return found;
        throw new MaestroException(notFound, $"There is no {kind} '{pattern}' {where}.", pattern);
    }
}

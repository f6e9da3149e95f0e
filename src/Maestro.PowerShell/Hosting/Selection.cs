using System.Management.Automation;
using Maestro.Engine.Fabrics;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Fabric;
using Maestro.Engine.Model.Groups;

namespace Maestro.PowerShell.Hosting;

/// <summary>Finds things in what was seen.</summary>
internal static class Selection
{
    /// <summary>The rule of Get-: a wildcard without a match is nothing, an unknown literal name is an error. Filters come after it: what is there but filtered out is no error.</summary>
    /// <exception cref="MaestroException">A literal name that nobody has.</exception>
    public static IReadOnlyList<T> Of<T>(IEnumerable<T> all, string? pattern, Func<T, string> nameOf, ErrorCode notFound, string kind, string where, Func<T, string>? otherNameOf = null, Func<T, string>? idOf = null)
    {
        if (string.IsNullOrEmpty(pattern)) return [.. all];
        var wildcard = new WildcardPattern(pattern, WildcardOptions.IgnoreCase | WildcardOptions.CultureInvariant);
        var found = all.Where(x => wildcard.IsMatch(nameOf(x)) || (otherNameOf is not null && wildcard.IsMatch(otherNameOf(x))) || (idOf is not null && string.Equals(idOf(x), pattern, StringComparison.OrdinalIgnoreCase))).ToList();
        if (found.Count > 0 || WildcardPattern.ContainsWildcardCharacters(pattern)) return found;
        throw new MaestroException(notFound, $"There is no {kind} '{pattern}' {where}.", pattern);
    }

    public static IReadOnlyList<SecurityGroup> Groups(TopologyView view, string? pattern, string session) =>
        Of(view.Groups, pattern, g => g.Name, ErrorCatalogue.GroupNotFound, "Security Group", $"in '{session}'", idOf: g => GroupName.IdText(g.Id));

    /// <exception cref="MaestroException"><c>GroupNotFound</c>, <c>GroupAmbiguous</c>.</exception>
    public static SecurityGroup Group(TopologyView view, string nameOrId, string session)
    {
        var found = view.Groups.Where(g => GroupName.IsId(nameOrId) ? GroupName.IdText(g.Id) == nameOrId : string.Equals(g.Name, nameOrId, StringComparison.OrdinalIgnoreCase)).ToList();
        return found.Count switch
        {
            1 => found[0],
            0 => throw new MaestroException(ErrorCatalogue.GroupNotFound, $"There is no Security Group '{nameOrId}' in '{session}'.", nameOrId),
            _ => throw new MaestroException(ErrorCatalogue.GroupAmbiguous, $"{found.Count} Security Groups are named '{nameOrId}'.", nameOrId),
        };
    }

    /// <summary>The gateway of that id, in whichever case it was typed.</summary>
    /// <exception cref="MaestroException"><c>GatewayNotFound</c>.</exception>
    public static Gateway Gateway(TopologyView view, string id, string session) =>
        view.Gateways.FirstOrDefault(g => string.Equals(g.Id, id, StringComparison.OrdinalIgnoreCase))
        ?? throw new MaestroException(ErrorCatalogue.GatewayNotFound, $"There is no gateway '{id}' in '{session}'.", id);

    /// <exception cref="MaestroException"><c>PortNotFound</c>.</exception>
    public static OrchestratorPort Port(TopologyView view, string idOrName, string session) =>
        view.Ports.FirstOrDefault(p => p.Id == idOrName || string.Equals(p.Name, idOrName, StringComparison.OrdinalIgnoreCase))
        ?? throw new MaestroException(ErrorCatalogue.PortNotFound, $"There is no port '{idOrName}' in '{session}'.", idOrName);
}

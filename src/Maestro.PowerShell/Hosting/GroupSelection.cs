using Maestro.Engine.Fabrics;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Groups;

namespace Maestro.PowerShell.Hosting;

/// <summary>Finds groups in a view by name, id or wildcard.</summary>
internal static class GroupSelection
{
    public static IReadOnlyList<SecurityGroup> Of(TopologyView view, string? pattern, string session) =>
        Selection.Of(view.Groups, pattern, g => g.Name, ErrorCatalogue.GroupNotFound, "Security Group", $"in '{session}'", g => GroupName.IdText(g.Id));

    /// <exception cref="MaestroException"><c>GroupNotFound</c>, <c>GroupAmbiguous</c>.</exception>
    public static SecurityGroup Require(TopologyView view, string nameOrId, string session)
    {
        var found = view.Groups.Where(g => GroupName.IsId(nameOrId) ? GroupName.IdText(g.Id) == nameOrId : string.Equals(g.Name, nameOrId, StringComparison.OrdinalIgnoreCase)).ToList();
        return found.Count switch
        {
            1 => found[0],
            0 => throw new MaestroException(ErrorCatalogue.GroupNotFound, $"There is no Security Group '{nameOrId}' in '{session}'.", nameOrId),
            _ => throw new MaestroException(ErrorCatalogue.GroupAmbiguous, $"{found.Count} Security Groups are named '{nameOrId}'.", nameOrId),
        };
    }
}

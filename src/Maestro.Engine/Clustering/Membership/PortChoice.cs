using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Fabric;
using Maestro.Engine.Model.Groups;
using Maestro.Engine.Operations.Plans;

namespace Maestro.Engine.Clustering.Membership;

/// <summary>Which ports a group gets.</summary>
internal static class PortChoice
{
    /// <summary>The named ports, or the free uplinks of the sites; none where the fabric has no ports.</summary>
    public static IReadOnlyList<string> Choose(ObservedWorld world, string group, IReadOnlyList<string> named, IReadOnlyList<int> sites, List<Decision> decisions)
    {
        if (named.Count > 0)
        {
            var chosen = named.Select(n => Require(world, group, n).Id).Distinct().OrderBy(p => p, StringComparer.Ordinal).ToList();
            decisions.Add(new Decision($"group '{group}'", $"gets the ports {string.Join(", ", chosen)}"));
            return chosen;
        }

        var free = world.PendingTopology.Ports.Where(p => p.Type == PortType.Uplink && p.SecurityGroup.Count == 0 && sites.Contains(p.Site)).Select(p => p.Id).ToList();
        if (free.Count > 0) decisions.Add(new Decision($"group '{group}'", $"gets the free uplinks {string.Join(", ", free)}"));
        return free;
    }

    public static IReadOnlyList<string> Change(ObservedWorld world, SecurityGroup group, IReadOnlyList<string> add, IReadOnlyList<string> remove)
    {
        var gone = remove.Select(n => Find(world, n).Id).ToList();
        return [.. group.Port.Except(gone).Concat(add.Select(n => Require(world, group.Name, n).Id)).Distinct().OrderBy(p => p, StringComparer.Ordinal)];
    }

    private static OrchestratorPort Require(ObservedWorld world, string group, string idOrName)
    {
        var port = Find(world, idOrName);
        var other = port.SecurityGroup.FirstOrDefault(g => g != group);
        return other is null ? port : throw new MaestroException(ErrorCatalogue.PortInUse, $"Port {port} belongs to '{other}'.", idOrName);
    }

    private static OrchestratorPort Find(ObservedWorld world, string idOrName) =>
        world.PendingTopology.Ports.FirstOrDefault(p => p.Id == idOrName)
        ?? world.PendingTopology.Ports.FirstOrDefault(p => string.Equals(p.Name, idOrName, StringComparison.OrdinalIgnoreCase))
        ?? throw new MaestroException(ErrorCatalogue.PortNotFound, $"There is no port '{idOrName}' on '{world.Traits.Endpoint}'.", idOrName);
}

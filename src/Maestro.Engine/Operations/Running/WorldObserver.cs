using Maestro.Engine.Clustering.Distribution.Nat;
using Maestro.Engine.Clustering.Membership;
using Maestro.Engine.Fabrics;
using Maestro.Engine.Hosting;
using Maestro.Engine.Model.Groups;
using Maestro.Engine.Operations.Journal;
using Maestro.Engine.Operations.Plans;
using Maestro.Engine.Operations.Steps;
using Maestro.Engine.Store;

namespace Maestro.Engine.Operations.Running;

/// <summary>Gathers all that plans depend on: the fabric's answer, what is pending and whose it is, and the versions of the group.</summary>
internal sealed class WorldObserver(EngineParts parts)
{
    public async Task<ObservedWorld> ObserveAsync(string securityGroup, string message, IReadOnlyList<string> skippedChecks, CancellationToken cancellation, bool distributions = false, IReadOnlyList<string>? unasked = null, NatQuestion? nat = null)
    {
        var deployed = await parts.Fabric.Topology.ObserveAsync(unasked is null ? TopologyScope.Deployed : TopologyScope.Hurried(unasked), cancellation);
        var pending = unasked is null ? await ObservePendingAsync(cancellation) : [];
        var after = pending.Count == 0 ? deployed : await parts.Fabric.Topology.ObserveAsync(TopologyScope.PendingView, cancellation);
        var generations = securityGroup.Length == 0 ? [] : await parts.Store.FindGenerationsAsync(GenerationKind.Policy, securityGroup);
        var configurations = securityGroup.Length == 0 ? [] : await parts.Store.FindGenerationsAsync(GenerationKind.Configuration, securityGroup);
        var world = new ObservedWorld
        {
            // Plans need what follows from a view, too: the SMO Master restarts last.
            Deployed = GroupSummary.Complete(deployed, pending, [], parts.Session),
            Pending = pending,
            PendingTopology = after,
            Traits = parts.Fabric.Traits,
            Facets = FacetsOf(parts.Fabric),
            PolicyGenerations = generations,
            ConfigurationGenerations = configurations,
            Distributions = distributions ? await ObserveDistributionsAsync(deployed, cancellation) : [],
            Actor = parts.Identity.Self.ToString(),
            Message = message,
            SkippedChecks = skippedChecks,
            MissingFacet = parts.Fabric.MissingFacet,
        };
        return nat is null ? world : world with { Translations = await new NatObserver(parts).ObserveAsync(world, nat, cancellation) };
    }

    /// <summary>A pending change is ours when an operation of this store staged it; everything else is somebody's.</summary>
    public async Task<IReadOnlyList<PendingChange>> ObservePendingAsync(CancellationToken cancellation)
    {
        var pending = await parts.Fabric.Topology.ObservePendingAsync(cancellation);
        var owners = new Dictionary<string, ChangeOrigin>(StringComparer.Ordinal);
        foreach (var id in pending.Select(p => p.Operation).Where(id => id.Length > 0).Distinct())
        {
            var known = await parts.Store.FindOperationsAsync(new OperationQuery { IdPrefix = id, Newest = 1 });
            owners[id] = known.Any(o => o.Id == id) ? ChangeOrigin.Own : ChangeOrigin.Foreign;
        }

        return [.. pending.Select(p => p with
        {
            Session = parts.Session,
            Origin = p.Operation.Length > 0 ? owners[p.Operation] : p.StagedBy.Length > 0 ? ChangeOrigin.Foreign : ChangeOrigin.Unknown,
        })];
    }

    private async Task<IReadOnlyList<GroupTraffic>> ObserveDistributionsAsync(TopologyView deployed, CancellationToken cancellation)
    {
        var found = new List<GroupTraffic>();
        if (parts.Fabric.Traffic is not { } traffic) return found;
        foreach (var group in deployed.Groups) found.Add(await traffic.ObserveAsync(group.Name, cancellation));
        return found;
    }

    private static IReadOnlyList<FabricFacet> FacetsOf(IFabric fabric)
    {
        var facets = new List<FabricFacet> { FabricFacet.Topology };
        if (fabric.Claims is not null) facets.Add(FabricFacet.Claims);
        if (fabric.Members is not null) facets.Add(FabricFacet.MemberActions);
        facets.AddRange(Carriage.All.Where(c => c.Find(fabric) is not null).Select(c => c.Facet));
        if (fabric.Traffic is not null) facets.Add(FabricFacet.Traffic);
        if (fabric.Probes is not null) facets.Add(FabricFacet.Probes);
        return facets;
    }
}

using Maestro.Engine.Fabrics;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Groups;
using Maestro.Engine.Model.Monitoring;
using Maestro.Engine.Model.Operations;
using Maestro.Engine.Model.Policy;
using Maestro.Engine.Monitoring;

namespace Maestro.Engine.Hosting;

/// <summary>Gathers what the checks of a group judge by, and has them judge. Changes nothing.</summary>
internal sealed class GroupTests(EngineParts parts, PolicyComparisons policies, ConfigurationComparisons configurations)
{
    public async Task<IReadOnlyList<CheckResult>> RunAsync(
        TopologyView view, string group, IReadOnlyList<PendingChange> pending, IReadOnlyList<MaestroOperation> unfinished, IReadOnlyList<GroupCheck> checks, CancellationToken cancellation)
    {
        var evidence = new GroupEvidence
        {
            Group = view.Groups.First(g => g.Name == group),
            Members = [.. view.Members.Where(m => m.SecurityGroup == group)],
            Pending = [.. pending.Where(p => p.SecurityGroup == group)],
            Unfinished = unfinished,
        };
        if (checks.Any(c => c.NeedsPolicyDrift)) evidence = await WithPolicyDriftAsync(evidence, cancellation);
        if (checks.Any(c => c.NeedsConfigurationDrift)) evidence = await WithConfigurationDriftAsync(evidence, cancellation);
        if (checks.Any(c => c.NeedsDistribution))
        {
            evidence = parts.Fabric.Traffic is { } traffic
                ? evidence with { Distribution = await traffic.ObserveAsync(group, cancellation) }
                : evidence with { NoDistribution = parts.Fabric.MissingFacet(FabricFacet.Traffic).Message };
        }

        if (checks.Any(c => c.NeedsReplication)) evidence = await WithReplicationAsync(evidence, cancellation);
        return [.. checks.SelectMany(c => c.Judge(evidence))];
    }

    private async Task<GroupEvidence> WithPolicyDriftAsync(GroupEvidence evidence, CancellationToken cancellation)
    {
        var (drift, why, took) = await CompareAsync(FabricFacet.PolicyCarrier, parts.Fabric.Policies is not null, ErrorCatalogue.PolicyNotFound, () => policies.DriftAsync(evidence.Group.Name, [], cancellation));
        return evidence with { PolicyDrift = drift, NoPolicyDrift = why, ComparedIn = took };
    }

    private async Task<GroupEvidence> WithConfigurationDriftAsync(GroupEvidence evidence, CancellationToken cancellation)
    {
        var (drift, why, took) = await CompareAsync(FabricFacet.ConfigurationCarrier, parts.Fabric.Configurations is not null, ErrorCatalogue.ConfigurationNotFound, () => configurations.DriftAsync(evidence.Group.Name, [], cancellation));
        return evidence with { ConfigurationDrift = drift, NoConfigurationDrift = why, ConfigurationComparedIn = took };
    }

    private async Task<GroupEvidence> WithReplicationAsync(GroupEvidence evidence, CancellationToken cancellation)
    {
        if (parts.Fabric.Replication is not { } replication) return evidence with { NoReplication = parts.Fabric.MissingFacet(FabricFacet.StateReplication).Message };
        return evidence with { Replication = await replication.ObserveAsync(evidence.Group.Name, cancellation), MissingCopies = await replication.CompareAsync(evidence.Group.Name, cancellation) };
    }

    /// <summary>What comparing found, or why there was nothing to compare.</summary>
    private async Task<(IReadOnlyList<T>? Drift, string Why, TimeSpan Took)> CompareAsync<T>(FabricFacet facet, bool isThere, ErrorCode nothing, Func<Task<IReadOnlyList<T>>> compare)
    {
        if (!isThere) return (null, parts.Fabric.MissingFacet(facet).Message, TimeSpan.Zero);
        var began = parts.Scheduler.Time.GetTimestamp();
        try
        {
            var drift = await compare();
            return (drift, "", parts.Scheduler.Time.GetElapsedTime(began));
        }
        catch (MaestroException none) when (none.Code == nothing)
        {
            return (null, none.Message, TimeSpan.Zero);
        }
    }
}

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
    public async Task<IReadOnlyList<CheckResult>> RunAsync(GroupEvidence seen, IReadOnlyList<GroupCheck> checks, CancellationToken cancellation)
    {
        var evidence = await GatherAsync(seen, checks, cancellation);
        return [.. checks.SelectMany(c => c.Judge(evidence))];
    }

    /// <summary>What is known of a group without asking its members anything of their own.</summary>
    public static GroupEvidence See(TopologyView view, string group, IReadOnlyList<PendingChange> pending, IReadOnlyList<MaestroOperation> unfinished) => new()
    {
        Group = view.Groups.First(g => g.Name == group),
        Members = [.. view.Members.Where(m => m.SecurityGroup == group)],
        Pending = [.. pending.Where(p => p.SecurityGroup == group)],
        Unfinished = unfinished,
    };

    /// <summary>Adds what those checks need, all of it asked at once: a host that is silent costs its patience once.</summary>
    public async Task<GroupEvidence> GatherAsync(GroupEvidence seen, IReadOnlyList<GroupCheck> checks, CancellationToken cancellation)
    {
        var policy = checks.Any(c => c.NeedsPolicyDrift) ? WithPolicyDriftAsync(seen, cancellation) : Task.FromResult(seen);
        var configuration = checks.Any(c => c.NeedsConfigurationDrift) ? WithConfigurationDriftAsync(seen, cancellation) : Task.FromResult(seen);
        var distribution = checks.Any(c => c.NeedsDistribution) ? WithDistributionAsync(seen, cancellation) : Task.FromResult(seen);
        var replication = checks.Any(c => c.NeedsReplication) ? WithReplicationAsync(seen, cancellation) : Task.FromResult(seen);
        await Task.WhenAll(policy, configuration, distribution, replication);
        var (compared, steered, copied) = (await configuration, await distribution, await replication);
        return (await policy) with
        {
            ConfigurationDrift = compared.ConfigurationDrift,
            NoConfigurationDrift = compared.NoConfigurationDrift,
            ConfigurationComparedIn = compared.ConfigurationComparedIn,
            Distribution = steered.Distribution,
            NoDistribution = steered.NoDistribution,
            IsSteeringSilent = steered.IsSteeringSilent,
            Replication = copied.Replication,
            MissingCopies = copied.MissingCopies,
            NoReplication = copied.NoReplication,
        };
    }

    private async Task<GroupEvidence> WithDistributionAsync(GroupEvidence evidence, CancellationToken cancellation)
    {
        if (parts.Fabric.Traffic is not { } traffic) return evidence with { NoDistribution = parts.Fabric.MissingFacet(FabricFacet.Traffic).Message };
        try
        {
            return evidence with { Distribution = await traffic.ObserveAsync(evidence.Group.Name, cancellation) };
        }
        catch (MaestroException silent) when (silent.Code == ErrorCatalogue.MemberUnreachable)
        {
            return evidence with { NoDistribution = silent.Message.TrimEnd('.'), IsSteeringSilent = true };
        }
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
        try
        {
            return evidence with { Replication = await replication.ObserveAsync(evidence.Group.Name, cancellation), MissingCopies = await replication.CompareAsync(evidence.Group.Name, cancellation) };
        }
        catch (MaestroException silent) when (silent.Code == ErrorCatalogue.MemberUnreachable)
        {
            // Who backs up whom stands in the orchestrators' tables.
            return evidence with { NoReplication = silent.Message.TrimEnd('.') };
        }
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

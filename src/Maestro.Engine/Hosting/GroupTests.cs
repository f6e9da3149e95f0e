using Maestro.Engine.Fabrics;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Groups;
using Maestro.Engine.Model.Monitoring;
using Maestro.Engine.Model.Operations;
using Maestro.Engine.Model.Policy;
using Maestro.Engine.Monitoring;

namespace Maestro.Engine.Hosting;

/// <summary>Gathers what the checks of a group judge by, and has them judge. Changes nothing.</summary>
internal sealed class GroupTests(EngineParts parts, PolicyComparisons policies)
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
        return [.. checks.SelectMany(c => c.Judge(evidence))];
    }

    private async Task<GroupEvidence> WithPolicyDriftAsync(GroupEvidence evidence, CancellationToken cancellation)
    {
        if (parts.Fabric.Policies is null) return evidence with { NoPolicyDrift = parts.Fabric.MissingFacet(FabricFacet.PolicyCarrier).Message };
        var began = parts.Scheduler.Time.GetTimestamp();
        IReadOnlyList<PolicyComparison> drift;
        try
        {
            drift = await policies.DriftAsync(evidence.Group.Name, [], cancellation);
        }
        catch (MaestroException nothing) when (nothing.Code == ErrorCatalogue.PolicyNotFound)
        {
            return evidence with { NoPolicyDrift = nothing.Message };
        }

        return evidence with { PolicyDrift = drift, ComparedIn = parts.Scheduler.Time.GetElapsedTime(began) };
    }
}

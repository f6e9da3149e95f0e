using Maestro.Engine.Clustering.Distribution.Nat;
using Maestro.Engine.Clustering.Membership;
using Maestro.Engine.Fabrics;
using Maestro.Engine.Hosting;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Groups;
using Maestro.Engine.Operations.Plans;
using Maestro.Engine.Operations.Steps;
using Maestro.Engine.Store;
using Maestro.Engine.Synchronisation;

namespace Maestro.Engine.Operations.Running;

/// <summary>Finds out what the policies of groups translate, and what those groups are distributed by. Nobody is asked for a policy that translates nothing.</summary>
internal sealed class NatObserver(EngineParts parts)
{
    public async Task<IReadOnlyList<GroupTranslations>> ObserveAsync(ObservedWorld world, NatQuestion question, CancellationToken cancellation)
    {
        var found = new List<GroupTranslations>();
        if (parts.Fabric.Traffic is not { } traffic || parts.Fabric.Policies is not ITranslationReader reader || world.Traits.CorrectsStrays) return found;
        foreach (var group in GroupsOf(world, question))
        {
            if (question.Policy is null && await IntendedAsync(group) is null) continue;
            var policy = question.Policy ?? await PresentAsync(world, group, cancellation);
            var translations = policy is { } known ? reader.TranslationsOf(known.Fingerprint, known.Content) : null;
            if (translations is { Count: 0 }) continue;
            try
            {
                found.Add(new GroupTranslations(group.Name, (await traffic.ObserveAsync(group.Name, cancellation)).Table.Rules, translations));
            }
            catch (MaestroException fault) when (fault.Code == ErrorCatalogue.MemberUnreachable && world.SkippedChecks.Contains(NatGate.NatCheck, StringComparer.OrdinalIgnoreCase))
            {
                // Whoever waives the check goes on without an answer to it.
            }
        }

        return found;
    }

    private static IEnumerable<SecurityGroup> GroupsOf(ObservedWorld world, NatQuestion question)
    {
        var names = question.Groups ?? [.. world.Pending.SelectMany(p => PendingPlan.GroupsOf(p, world.Deployed)).Distinct(StringComparer.Ordinal).OrderBy(g => g, StringComparer.Ordinal)];
        return world.Deployed.Groups.Where(g => names.Any(n => string.Equals(g.Name, n, StringComparison.OrdinalIgnoreCase) || GroupName.IdText(g.Id) == n));
    }

    private async Task<(int Number, string Fingerprint)?> IntendedAsync(SecurityGroup group) =>
        IntendedGeneration.Of(Carriage.Policy, group, await parts.Store.FindGenerationsAsync(GenerationKind.Policy, group.Name));

    /// <summary>From the store, else from a member that holds it; null where nobody has it.</summary>
    private async Task<(string Fingerprint, string Content)?> PresentAsync(ObservedWorld world, SecurityGroup group, CancellationToken cancellation)
    {
        if (await IntendedAsync(group) is not var (number, fingerprint)) return null;
        if (await parts.Store.ReadContentAsync(fingerprint) is { } kept) return (fingerprint, kept);
        foreach (var member in world.MembersOf(group.Name).Where(m => m.PolicyFingerprint == fingerprint))
        {
            if (await parts.Fabric.Policies!.ReadContentAsync(MemberRef.Of(member), number, fingerprint, cancellation) is { } content) return (fingerprint, content);
        }

        return null;
    }
}

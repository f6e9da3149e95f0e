using Maestro.Engine.Fabrics;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Groups;
using Maestro.Engine.Model.Policy;
using Maestro.Engine.Operations.Plans;
using Maestro.Engine.Synchronisation.Policy;

namespace Maestro.Engine.Hosting;

/// <summary>Compares what members hold, a candidate or a version with what it should be. Changes nothing.</summary>
internal sealed class PolicyComparisons(EngineParts parts, PolicyArchive archive)
{
    /// <summary>Each member against the group's version; those that agree are left out.</summary>
    /// <param name="nameOrId">The group.</param>
    /// <param name="members">Only these; empty for all.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <exception cref="MaestroException"><c>GroupNotFound</c>, <c>MemberNotFound</c>, <c>PolicyNotFound</c>: it has no policy yet.</exception>
    public async Task<IReadOnlyList<PolicyComparison>> DriftAsync(string nameOrId, IReadOnlyList<string> members, CancellationToken cancellation)
    {
        var shelf = await archive.ReadAsync(nameOrId, cancellation);
        var intended = Intended(shelf);
        var wanted = members.Select(m => MemberId.TryParse(m, out var id) ? id.ToString() : m).ToList();
        if (wanted.FirstOrDefault(w => shelf.Members.All(m => m.Member != w)) is { } unknown)
        {
            throw new MaestroException(ErrorCatalogue.MemberNotFound, $"'{shelf.Group.Name}' has no member '{unknown}'.", unknown);
        }

        var content = new Lazy<Task<string>>(() => archive.ReadContentAsync(shelf, intended.Number, intended.Fingerprint, cancellation));
        var pulls = parts.Fabric.Traits.JoinersPullPolicy;
        var compared = await Task.WhenAll(shelf.Members.Zip(shelf.Observed, (member, seen) => (member, seen))
            .Where(m => (wanted.Count == 0 || wanted.Contains(m.member.Member)) && !(pulls && m.member.State is MemberState.Joining or MemberState.Booting or MemberState.Ready))
            .Select(m => MemberAsync(shelf, m.member, m.seen, intended, content, cancellation)));
        return [.. compared.Where(c => c.Difference.Count > 0 || c.Unified.Count > 0 || c.Failure is not null)];
    }

    /// <summary>A candidate against the group's version.</summary>
    /// <exception cref="MaestroException"><c>GroupNotFound</c>, <c>PolicyNotFound</c>: the group has no policy yet.</exception>
    public async Task<PolicyComparison> CandidateAsync(string nameOrId, PolicyDocument candidate, CancellationToken cancellation)
    {
        var shelf = await archive.ReadAsync(nameOrId, cancellation);
        var intended = Intended(shelf);
        var content = await archive.ReadContentAsync(shelf, intended.Number, intended.Fingerprint, cancellation);
        return PolicyComparer.Texts(shelf.Group.Name, $"{shelf.Group.Name} {PolicyComparer.Words(intended.Number, intended.Fingerprint)}", content, candidate.Source, candidate.Content, parts.Session);
    }

    /// <summary>A version against another; without one, against the one before it.</summary>
    /// <exception cref="MaestroException"><c>GroupNotFound</c>, <c>PolicyVersionNotFound</c>.</exception>
    public async Task<PolicyComparison> VersionAsync(string nameOrId, int version, int? reference, CancellationToken cancellation)
    {
        var shelf = await archive.ReadAsync(nameOrId, cancellation);
        var other = PolicyVersionChoice.Named(archive.Carriage, shelf.Group.Name, shelf.Versions, version);
        var before = reference is { } number ? PolicyVersionChoice.Named(archive.Carriage, shelf.Group.Name, shelf.Versions, number) : PolicyVersionChoice.Before(archive.Carriage, shelf.Group.Name, shelf.Versions, other);
        return PolicyComparer.Texts(shelf.Group.Name, Name(before), await ContentAsync(before), Name(other), await ContentAsync(other), parts.Session);

        string Name(PolicyVersion v) => $"{shelf.Group.Name} {PolicyComparer.Words(v.Version, v.Fingerprint)}";
        Task<string> ContentAsync(PolicyVersion v) => archive.ReadContentAsync(shelf, v.Version, v.Fingerprint, cancellation);
    }

    private async Task<PolicyComparison> MemberAsync(
        PolicyArchive.Shelf shelf, GroupMember member, GenerationObservation seen, (int Number, string Fingerprint) intended, Lazy<Task<string>> content, CancellationToken cancellation)
    {
        var group = shelf.Group.Name;
        if (seen.Answered && PolicyComparer.Agrees(intended, seen)) return new PolicyComparison { SecurityGroup = group, Member = member.Member };
        if (!seen.Answered) return Silent(seen.Evidence);
        var generation = new NumberedContent(intended.Number, intended.Fingerprint, await content.Value);
        var listing = await parts.Fabric.Policies!.ListAsync(MemberRef.Of(member), generation, cancellation);
        return listing.Answered ? PolicyComparer.Member(group, member.Member, intended, seen, listing, parts.Session) : Silent(listing.Evidence);

        PolicyComparison Silent(string why) => new()
        {
            SecurityGroup = group,
            Member = member.Member,
            Failure = new MaestroException(ErrorCatalogue.MemberUnreachable, $"{member.Member} of '{group}' could not be compared: {why}.", member.Member),
        };
    }

    private static (int Number, string Fingerprint) Intended(PolicyArchive.Shelf shelf) =>
        shelf.Intended ?? throw new MaestroException(ErrorCatalogue.PolicyNotFound, $"'{shelf.Group.Name}' has no policy yet, so there is nothing to compare with.", shelf.Group.Name);
}

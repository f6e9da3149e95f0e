using Maestro.Engine.Fabrics;
using Maestro.Engine.Model.Policy;
using Maestro.Engine.Store;

namespace Maestro.Engine.Synchronisation.Policy;

/// <summary>Makes the list of a group's versions from what the store remembers and what members hold.</summary>
internal static class PolicyVersionList
{
    /// <summary>What members say they hold and the store does not know, by number, newest first. Their contents are still to be read.</summary>
    public static IReadOnlyList<(int Number, string Fingerprint)> Unknown(IReadOnlyList<GenerationRecord> generations, IReadOnlyList<GenerationObservation> members) =>
    [
        .. members.SelectMany(Held).Distinct()
            .Where(h => !generations.Any(g => g.Number == h.Number && g.Fingerprint == h.Fingerprint))
            .OrderByDescending(h => h.Number).ThenBy(h => h.Fingerprint, StringComparer.Ordinal),
    ];

    /// <summary>All that a member has of ours: running and proven, what a restart loads, and what lies ready.</summary>
    public static IEnumerable<(int Number, string Fingerprint)> Held(GenerationObservation member)
    {
        if (!member.Answered) return [];
        var held = new List<(int Number, string Fingerprint)>(member.Staged.Select(s => (s.Generation, s.Fingerprint)));
        if (member.RunningGeneration is { } running) held.Add((running, member.ProvenFingerprint));
        if (member.ConfirmedGeneration is { } confirmed) held.Add((confirmed, member.ConfirmedFingerprint));
        return held.Where(h => h.Fingerprint.Length > 0);
    }

    /// <summary>Newest first; of two with one number the one that members hold comes first, for the truth lies with them.</summary>
    /// <param name="generations">What the store remembers.</param>
    /// <param name="recovered">What only members have, read and found whole.</param>
    /// <param name="members">What each member says.</param>
    /// <param name="intended">What the members are to hold.</param>
    /// <param name="group">The group's name.</param>
    /// <param name="session">Stamped on each.</param>
    public static IReadOnlyList<PolicyVersion> Of(
        IReadOnlyList<GenerationRecord> generations,
        IReadOnlyList<(int Number, string Fingerprint)> recovered,
        IReadOnlyList<GenerationObservation> members,
        (int Number, string Fingerprint)? intended,
        string group,
        string session)
    {
        var known = generations.Select(g => new PolicyVersion
        {
            SecurityGroup = group,
            Version = g.Number,
            Fingerprint = g.Fingerprint,
            State = StateOf(g, intended),
            IsCurrent = (g.Number, g.Fingerprint) == intended,
            CreatedAt = g.CreatedAt,
            Author = g.Author,
            Message = g.Message,
            Source = g.Source,
            Commit = g.Commit,
            Dirty = g.Dirty,
            Parent = g.Parent,
            Recovered = g.Recovered,
            Session = session,
        });
        var found = recovered.Select(r => new PolicyVersion
        {
            SecurityGroup = group,
            Version = r.Number,
            Fingerprint = r.Fingerprint,
            State = StateOf(r, members, intended),
            IsCurrent = r == intended,
            Recovered = true,
            Session = session,
        });
        return [.. found.Concat(known).OrderByDescending(v => v.Version).ThenByDescending(v => v.Recovered)];
    }

    private static PolicyVersionState StateOf(GenerationRecord generation, (int Number, string Fingerprint)? intended) => generation.State switch
    {
        // The fabric may show one as the group's own whose closing entry was lost.
        _ when (generation.Number, generation.Fingerprint) == intended => PolicyVersionState.Confirmed,
        GenerationState.Staged => PolicyVersionState.Staged,
        GenerationState.Reverted => PolicyVersionState.Reverted,
        _ => PolicyVersionState.Superseded,
    };

    // A gateway keeps the one before its confirmed one, and forgets what it was taken back from.
    private static PolicyVersionState StateOf((int Number, string Fingerprint) held, IReadOnlyList<GenerationObservation> members, (int Number, string Fingerprint)? intended)
    {
        if (held == intended) return PolicyVersionState.Confirmed;
        var confirmed = members.Any(m => m.Answered && m.ConfirmedGeneration == held.Number && m.ConfirmedFingerprint == held.Fingerprint);
        return confirmed || held.Number < intended?.Number ? PolicyVersionState.Superseded : PolicyVersionState.Staged;
    }
}

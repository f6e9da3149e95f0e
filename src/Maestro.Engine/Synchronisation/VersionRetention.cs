using Maestro.Engine.Store;

namespace Maestro.Engine.Synchronisation;

/// <summary>How long versions are kept.</summary>
public sealed record VersionRetention
{
    /// <summary>So many of the newest, 1 or more. A hundred policies of 64 KiB are 6.4 MiB; going back further than a hundred changes is archaeology.</summary>
    public int Count { get; init; } = 100;

    /// <summary>Also of those, only what is not older; null: age does not matter.</summary>
    public TimeSpan? Age { get; init; }

    /// <summary>The numbers that may be forgotten, oldest first. Never one that a member holds, one whose run has not ended, the current one or its parent.</summary>
    /// <param name="generations">What the store remembers of the group, newest first.</param>
    /// <param name="current">The number of the group's own version.</param>
    /// <param name="held">What members run, would boot or have ready; null when one of them could not be asked: then nothing is forgotten.</param>
    /// <param name="now">The time.</param>
    internal IReadOnlyList<int> Expired(IReadOnlyList<GenerationRecord> generations, int current, IReadOnlyCollection<(int Number, string Fingerprint)>? held, DateTimeOffset now)
    {
        if (held is null) return [];
        var own = generations.FirstOrDefault(g => g.Number == current);
        return
        [
            .. Candidates(generations, now)
                .Where(g => g.State is GenerationState.Confirmed or GenerationState.Reverted && g.Number < current && g.Number != own?.Parent)
                .Where(g => !held.Contains((g.Number, g.Fingerprint)))
                .Select(g => g.Number)
                .OrderBy(n => n),
        ];
    }

    /// <summary>Those beyond the count or the age, whoever holds them: when there are none, no member need be asked.</summary>
    internal IEnumerable<GenerationRecord> Candidates(IReadOnlyList<GenerationRecord> generations, DateTimeOffset now)
    {
        var remembered = generations.Where(g => g.State != GenerationState.Forgotten).ToList();
        return remembered.Where((g, place) => place >= Count || (Age is { } age && now - g.CreatedAt > age));
    }
}

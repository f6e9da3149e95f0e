using System.Numerics;

namespace Maestro.Engine.Fabrics.Linux.Policy.Json;

/// <summary>A range of addresses or ports with the words that it was written in; both ends belong to it.</summary>
internal sealed record NumberRange(BigInteger First, BigInteger Last, string Words);

/// <summary>Ranges as a set of nft takes them: it refuses elements that overlap.</summary>
internal static class NumberRanges
{
    /// <summary>In ascending order, without overlaps; what was written alone keeps its words.</summary>
    /// <param name="ranges">As they were written.</param>
    /// <param name="write">Writes a number where two ranges became one.</param>
    public static IReadOnlyList<string> Merge(IEnumerable<NumberRange> ranges, Func<BigInteger, string> write)
    {
        var merged = new List<NumberRange>();
        foreach (var range in ranges.OrderBy(r => r.First).ThenByDescending(r => r.Last))
        {
            var before = merged.Count > 0 ? merged[merged.Count - 1] : null;
            if (before is null || range.First > before.Last) merged.Add(range);
            else if (range.Last > before.Last) merged[merged.Count - 1] = new NumberRange(before.First, range.Last, $"{write(before.First)}-{write(range.Last)}");
        }

        return [.. merged.Select(r => r.Words)];
    }
}

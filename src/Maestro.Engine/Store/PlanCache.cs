using Maestro.Engine.Operations.Journal;

namespace Maestro.Engine.Store;

/// <summary>
/// The plans of the operations read last, and what the journal must say of their records: a plan never changes once its operation has begun, may be long, and
/// whoever waits for an operation reads its record twice a second. Used by one thread at a time.
/// </summary>
internal sealed class PlanCache
{
    private const int Most = 64;

    // Of all plans together.
    private const int MostCharacters = 4_000_000;

    private readonly Dictionary<string, (OperationRecord Record, string Digest)> _known = new(StringComparer.Ordinal);

    /// <summary>Whose plans need not be read now. What is among them stays until this is asked again.</summary>
    public IReadOnlyList<string> TakeKnown()
    {
        if (_known.Count > Most || _known.Values.Sum(k => (long)k.Record.PlanJson.Length) > MostCharacters) _known.Clear();
        return [.. _known.Keys];
    }

    /// <param name="row">As read, with an empty plan where it is known.</param>
    /// <param name="digestOf">What the journal must say of a whole record.</param>
    public (OperationRecord Record, string Digest) Complete(OperationRecord row, Func<OperationRecord, string> digestOf)
    {
        var record = row;
        if (_known.TryGetValue(row.Id, out var known))
        {
            record = row with { PlanJson = known.Record.PlanJson };
            if (AreSame(record, known.Record)) return known;
        }

        return (record, digestOf(record));
    }

    /// <summary>The journal vouches for it.</summary>
    public void Keep(OperationRecord record, string digest) => _known[record.Id] = (record, digest);

    private static bool AreSame(OperationRecord a, OperationRecord b) =>
        a.Resources.SequenceEqual(b.Resources) && a.SkippedChecks.SequenceEqual(b.SkippedChecks) && a.UnsettledMembers.SequenceEqual(b.UnsettledMembers)
        && a with { Resources = b.Resources, SkippedChecks = b.SkippedChecks, UnsettledMembers = b.UnsettledMembers } == b;
}

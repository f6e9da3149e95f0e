namespace Maestro.Engine.Operations.Plans;

/// <summary>The plans that were read last, by their text: each reading of the store brings the same text as a new string. Safe for several threads.</summary>
internal sealed class RecentPlans
{
    // More than the operations that one process follows side by side.
    private const int Kept = 16;

    private readonly List<(string Text, Plan Plan)> _plans = [];

    public Plan GetOrAdd(string text, Func<string, Plan> read)
    {
        if (Find(text) is { } known) return known;
        var plan = read(text);
        lock (_plans)
        {
            _plans.Insert(0, (text, plan));
            if (_plans.Count > Kept) _plans.RemoveAt(Kept);
        }

        return plan;
    }

    private Plan? Find(string text)
    {
        lock (_plans)
        {
            var at = _plans.FindIndex(p => string.Equals(p.Text, text, StringComparison.Ordinal));
            if (at < 0) return null;
            var found = _plans[at];
            _plans.RemoveAt(at);
            _plans.Insert(0, found);
            return found.Plan;
        }
    }
}

using System.Globalization;

namespace Maestro.Engine.Clustering.Detection;

/// <summary>How many members of a group may be given up in a while without a person: who believes that most of it is dead is more probably wrong, and what is left could not bear it.</summary>
internal sealed class FailoverBudget(DetectionPolicy policy)
{
    private readonly Queue<TimeSpan> _spent = new();

    /// <summary>Null when so many more may be given up; else why not.</summary>
    /// <param name="count">How many at once.</param>
    /// <param name="living">How many there are that are not lost, these included.</param>
    /// <param name="now">The detector's time.</param>
    public string? Refuses(int count, int living, TimeSpan now)
    {
        while (_spent.Count > 0 && now - _spent.Peek() > policy.BudgetWindow) _spent.Dequeue();
        if (living - count < 1) return $"nobody would be left of {Text(living)}";
        var allowed = Math.Max(1, (int)Math.Floor((living + _spent.Count) * policy.BudgetShare));
        return _spent.Count + count <= allowed ? null : $"{Text(_spent.Count)} lost within {Text(policy.BudgetWindow.TotalMinutes)} min and {Text(count)} more are above the {Text(allowed)} that may be";
    }

    public void Spend(int count, TimeSpan now)
    {
        for (var i = 0; i < count; i++) _spent.Enqueue(now);
    }

    private static string Text(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);
}

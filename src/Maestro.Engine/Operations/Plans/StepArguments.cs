using System.Collections;
using System.Globalization;

namespace Maestro.Engine.Operations.Plans;

/// <summary>The arguments of a step: text by name, in ordinal order, so that a plan prints and hashes the same everywhere. Never secrets, only references to them.</summary>
public sealed class StepArguments : IReadOnlyCollection<KeyValuePair<string, string>>, IEquatable<StepArguments>
{
    public static readonly StepArguments None = new([]);

    private readonly SortedDictionary<string, string> _values;

    public StepArguments(IEnumerable<KeyValuePair<string, string>> values)
    {
        _values = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in values) _values.Add(pair.Key, pair.Value);
    }

    public static StepArguments Of(params (string Name, string Value)[] values) =>
        new(values.Select(v => new KeyValuePair<string, string>(v.Name, v.Value)));

    public int Count => _values.Count;

    /// <exception cref="KeyNotFoundException">The plan lacks that argument: it was written by another version.</exception>
    public string this[string name] =>
        _values.TryGetValue(name, out var value) ? value : throw new KeyNotFoundException($"The step has no argument '{name}'.");

    public string Get(string name, string fallback = "") => _values.TryGetValue(name, out var value) ? value : fallback;

    public int GetInt32(string name) => int.Parse(this[name], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);

    public int? GetOptionalInt32(string name) => Get(name) is { Length: > 0 } text ? int.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture) : null;

    public StepArguments With(string name, string value) =>
        new(_values.Where(p => p.Key != name).Append(new KeyValuePair<string, string>(name, value)));

    public IEnumerator<KeyValuePair<string, string>> GetEnumerator() => _values.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public bool Equals(StepArguments? other) => other is not null && _values.SequenceEqual(other._values);

    public override bool Equals(object? obj) => Equals(obj as StepArguments);

    public override int GetHashCode() => _values.Count;
}

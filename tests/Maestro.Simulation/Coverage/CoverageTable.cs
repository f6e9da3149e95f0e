using System.Globalization;
using Maestro.Simulation.Faults;

namespace Maestro.Simulation.Coverage;

/// <summary>How often each kind of operation ran and which faults befell it; where controllers died.</summary>
internal sealed class CoverageTable
{
    public SortedDictionary<string, long> Runs { get; } = new(StringComparer.Ordinal);

    public SortedDictionary<(string Kind, FaultKind Fault), long> Befell { get; } = new();

    public SortedDictionary<string, long> Deaths { get; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, long> Ends { get; } = new(StringComparer.Ordinal);

    public void Ran(string kind) => Runs[kind] = Runs.GetValueOrDefault(kind) + 1;

    public void Add(string kind, FaultKind fault)
    {
        if (kind.Length > 0) Befell[(kind, fault)] = Befell.GetValueOrDefault((kind, fault)) + 1;
    }

    public void Died(string place) => Deaths[place] = Deaths.GetValueOrDefault(place) + 1;

    public void Ended(string kindAndState) => Ends[kindAndState] = Ends.GetValueOrDefault(kindAndState) + 1;

    public void Add(CoverageTable other)
    {
        foreach (var (kind, count) in other.Runs) Runs[kind] = Runs.GetValueOrDefault(kind) + count;
        foreach (var (cell, count) in other.Befell) Befell[cell] = Befell.GetValueOrDefault(cell) + count;
        foreach (var (place, count) in other.Deaths) Deaths[place] = Deaths.GetValueOrDefault(place) + count;
        foreach (var (end, count) in other.Ends) Ends[end] = Ends.GetValueOrDefault(end) + count;
    }

    public void Print(TextWriter writer)
    {
        var kinds = Runs.Keys.ToList();
        writer.WriteLine("Operation kind x fault kind (how often):");
        for (var i = 0; i < kinds.Count; i++) writer.WriteLine($"  {Letter(i)} = {kinds[i]} ({Text(Runs[kinds[i]])} runs)");
        writer.WriteLine("  " + "".PadRight(20) + string.Concat(kinds.Select((_, i) => Letter(i).PadLeft(6))));
        foreach (var fault in Enum.GetValues<FaultKind>())
        {
            writer.WriteLine("  " + fault.ToString().PadRight(20) + string.Concat(kinds.Select(k => (Befell.GetValueOrDefault((k, fault)) is > 0 and var n ? Text(n) : CoverageRules.CanOccur(k, fault) ? "-" : ".").PadLeft(6))));
        }

        writer.WriteLine("Places of death:");
        foreach (var (place, count) in Deaths) writer.WriteLine($"  {Text(count),6} {place}");
        writer.WriteLine("Ends:");
        foreach (var (end, count) in Ends) writer.WriteLine($"  {Text(count),6} {end}");
    }

    /// <summary>Cells that could have occurred and did not.</summary>
    public IReadOnlyList<string> Empty() =>
        [.. Runs.Keys.SelectMany(k => Enum.GetValues<FaultKind>().Where(f => CoverageRules.CanOccur(k, f) && !Befell.ContainsKey((k, f))).Select(f => $"{k} x {f}"))];

    private static string Letter(int index) => ((char)('A' + index)).ToString();

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}

using System.Globalization;
using System.Text;

namespace Maestro.Simulation.Scenarios;

/// <summary>A kept scenario: what happens in it, where it comes from, and which planted bug it must fail on.</summary>
internal sealed record KeptScenario(Scenario Scenario)
{
    /// <summary>The invariant that it broke when it was found.</summary>
    public string Invariant { get; init; } = "";

    /// <summary>The commit at which it was found.</summary>
    public string Commit { get; init; } = "";

    /// <summary>The planted bug that is the one it found; empty when there is none.</summary>
    public string Mutant { get; init; } = "";
}

/// <summary>Scenarios as text, one line a thing: read by people, kept in Regressions/.</summary>
internal static class ScenarioFile
{
    public static string Write(KeptScenario kept)
    {
        var scenario = kept.Scenario;
        var shape = scenario.Shape;
        var text = new StringBuilder();
        Line("seed", Text(scenario.Seed));
        Line("commit", kept.Commit);
        Line("invariant", kept.Invariant);
        if (kept.Mutant.Length > 0) Line("mutant", kept.Mutant);
        Line("length", ScenarioMaker.Text(scenario.Length));
        Line("sites", Text(shape.Sites));
        Line("groups", string.Join(",", shape.GroupSizes.Select(Text)));
        Line("spares", Text(shape.Spares));
        Line("machines", Text(shape.Machines));
        Line("disk", shape.Disk.ToString());
        Line("controllers", Text(shape.Controllers));
        if (shape.Watches is { } watches) Line("watches", Text(watches));
        foreach (var entry in scenario.Entries) Line(entry.Kind == EntryKind.Do ? "do" : "fault", $"{ScenarioMaker.Text(entry.At)} {entry.What} {Text(entry.Salt)}");
        return text.ToString();

        void Line(string name, string value) => text.Append(name).Append(' ').Append(value).Append('\n');
    }

    /// <exception cref="FormatException">A line is no line of a scenario, or one is missing.</exception>
    public static KeptScenario Read(string text)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        var entries = new List<ScenarioEntry>();
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var space = line.IndexOf(' ', StringComparison.Ordinal);
            if (space < 0) throw new FormatException($"'{line}' is no line of a scenario.");
            var (name, value) = (line[..space], line[(space + 1)..]);
            if (name is "do" or "fault") entries.Add(Entry(name == "do" ? EntryKind.Do : EntryKind.Fault, value));
            else values[name] = value;
        }

        return new KeptScenario(new Scenario
        {
            Seed = Number(Value("seed")),
            Length = Time(Value("length")),
            Shape = new WorldShape
            {
                Sites = Number(Value("sites")),
                GroupSizes = [.. Value("groups").Split(',').Select(Number)],
                Spares = Number(Value("spares")),
                Machines = Number(Value("machines")),
                Disk = Enum.Parse<DiskKind>(Value("disk")),
                Controllers = Number(Value("controllers")),
                Watches = values.TryGetValue("watches", out var watches) ? Number(watches) : null,
            },
            Entries = entries,
        })
        {
            Invariant = Value("invariant"),
            Commit = Value("commit"),
            Mutant = values.GetValueOrDefault("mutant", ""),
        };

        string Value(string name) => values.TryGetValue(name, out var value) ? value : throw new FormatException($"The scenario has no line '{name}'.");
    }

    private static ScenarioEntry Entry(EntryKind kind, string value)
    {
        var parts = value.Split(' ');
        if (parts.Length != 3) throw new FormatException($"'{value}' is no entry: expected time, name and salt.");
        return new ScenarioEntry(Time(parts[0]), kind, parts[1], Number(parts[2]));
    }

    private static TimeSpan Time(string text) => TimeSpan.ParseExact(text, @"hh\:mm\:ss\.fff", CultureInfo.InvariantCulture);

    private static int Number(string text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}

namespace Maestro.Engine.Synchronisation.Policy;

/// <summary>A policy's lines and where each of them stands: in the canonical form, or as nft lists it. Both indent blocks and close each on a line of its own.</summary>
internal sealed class PolicyText
{
    private PolicyText(IReadOnlyList<string> lines, IReadOnlyList<string> locations)
    {
        Lines = lines;
        Locations = locations;
    }

    public IReadOnlyList<string> Lines { get; }

    /// <summary>For each line family, table and chain, as <c>nft add rule</c> takes them.</summary>
    public IReadOnlyList<string> Locations { get; }

    /// <summary>Each line with its place: the same rule in another chain is another rule.</summary>
    public IReadOnlyList<string> PlacedLines => [.. Lines.Zip(Locations, (line, location) => $"{location}\t{line}")];

    public static PolicyText Of(string text)
    {
        var lines = LineDiff.Lines(text);
        var locations = new List<string>(lines.Count);
        var blocks = new Stack<string>();
        foreach (var line in lines)
        {
            var trimmed = line.Trim();
            if (IsClosing(trimmed) && blocks.Count > 0) blocks.Pop();
            locations.Add(string.Join(" ", blocks.Reverse()));
            if (trimmed.EndsWith("{", StringComparison.Ordinal)) blocks.Push(NameOf(trimmed.Substring(0, trimmed.Length - 1).Trim()));
        }

        return new PolicyText(lines, locations);
    }

    /// <summary>True for a line that only ends a block: it comes and goes with the block's first line.</summary>
    public static bool IsClosing(string trimmed) => trimmed.StartsWith("}", StringComparison.Ordinal);

    private static string NameOf(string head)
    {
        foreach (var word in new[] { "add table ", "table ", "chain " })
        {
            if (head.StartsWith(word, StringComparison.Ordinal)) return head.Substring(word.Length);
        }

        return head;
    }
}

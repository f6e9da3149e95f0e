using DiffPlex;
using DiffPlex.Renderer;

namespace Maestro.Engine.Synchronisation.Policy;

/// <summary>Finds the lines in which two texts differ (DiffPlex: Myers' O(ND) algorithm).</summary>
internal static class LineDiff
{
    private const int ContextLines = 3;

    /// <summary>So many lines of the old text from <paramref name="OldStart"/> on gave way to so many of the new one. Places count from 0.</summary>
    internal readonly record struct Block(int OldStart, int OldCount, int NewStart, int NewCount);

    /// <summary>A text's lines, without their ends.</summary>
    public static IReadOnlyList<string> Lines(string text)
    {
        if (text.Length == 0) return [];
        var lines = text.Split('\n');
        return lines[lines.Length - 1].Length == 0 ? [.. lines.Take(lines.Length - 1)] : lines;
    }

    public static IReadOnlyList<Block> Blocks(IReadOnlyList<string> oldLines, IReadOnlyList<string> newLines)
    {
        // The library takes an empty text for one empty line.
        if (oldLines.Count == 0 || newLines.Count == 0) return oldLines.Count == newLines.Count ? [] : [new Block(0, oldLines.Count, 0, newLines.Count)];
        var found = Differ.Instance.CreateLineDiffs(string.Join("\n", oldLines), string.Join("\n", newLines), ignoreWhitespace: false);
        return [.. found.DiffBlocks.Select(b => new Block(b.DeleteStartA, b.DeleteCountA, b.InsertStartB, b.InsertCountB))];
    }

    /// <summary>The unified format of diff(1); empty when the texts are equal.</summary>
    public static string Unified(string oldText, string newText, string oldName, string newName)
    {
        if (oldText == newText) return "";
        var text = UnidiffRenderer.GenerateUnidiff(Ended(oldText), Ended(newText), oldName, newName, ignoreWhitespace: false, ignoreCase: false, ContextLines);
        return text.Replace("\r\n", "\n").TrimEnd('\n');
    }

    private static string Ended(string text) => text.TrimEnd('\n');
}

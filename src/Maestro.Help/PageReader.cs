using System.Text.RegularExpressions;

namespace Maestro.Help;

/// <summary>Reads the Markdown that our pages are written in: headings, paragraphs, lists, fenced code and tables. What it does not know is a fault, not a guess.</summary>
internal static partial class PageReader
{
    public static IReadOnlyList<Block> Read(string path) => Read(path, File.ReadAllLines(path));

    public static IReadOnlyList<Block> Read(string path, IReadOnlyList<string> lines)
    {
        var blocks = new List<Block>();
        var at = AfterFrontMatter(path, lines);
        while (at < lines.Count)
        {
            var line = lines[at];
            if (line.Trim().Length == 0) at++;
            else if (line.StartsWith("```", StringComparison.Ordinal)) at = ReadCode(path, lines, at, blocks);
            else if (HeadingLine().Match(line) is { Success: true } heading)
            {
                blocks.Add(new Heading(at + 1, heading.Groups[1].Length, PlainText(heading.Groups[2].Value)));
                at++;
            }
            else if (line.StartsWith('|')) at = ReadTable(lines, at, blocks);
            else if (line.StartsWith("* ", StringComparison.Ordinal)) at = ReadText(lines, at, line[2..], blocks, (number, text) => new ListItem(number, text));
            else if (line.StartsWith(' ') || line.StartsWith("- ", StringComparison.Ordinal) || line.StartsWith('>')) throw new PageException(path, at + 1, "lists begin with '* ', and nothing else is indented or quoted");
            else at = ReadText(lines, at, line, blocks, (number, text) => new Paragraph(number, text));
        }

        return blocks;
    }

    /// <summary>Text without its marks: emphasis, escapes, and links but for their words. What stands in backticks is left as it is.</summary>
    public static string PlainText(string markdown) =>
        string.Concat(markdown.Split('`').Select((part, i) => i % 2 == 1 ? part : Escape().Replace(Emphasis().Replace(Link().Replace(part, "$1"), "$2"), "$1")));

    private static int AfterFrontMatter(string path, IReadOnlyList<string> lines)
    {
        if (lines.Count == 0 || lines[0] != "---") return 0;
        for (var at = 1; at < lines.Count; at++) if (lines[at] == "---") return at + 1;
        throw new PageException(path, 1, "the front matter does not end");
    }

    private static int ReadCode(string path, IReadOnlyList<string> lines, int start, List<Block> blocks)
    {
        var end = start + 1;
        while (end < lines.Count && lines[end] != "```") end++;
        if (end == lines.Count) throw new PageException(path, start + 1, "the code block does not end");
        blocks.Add(new Code(start + 1, lines[start][3..].Trim(), string.Join('\n', lines.Skip(start + 1).Take(end - start - 1))));
        return end + 1;
    }

    private static int ReadTable(IReadOnlyList<string> lines, int start, List<Block> blocks)
    {
        var end = start;
        while (end < lines.Count && lines[end].StartsWith('|')) end++;
        var rows = lines.Skip(start).Take(end - start)
            .Where(line => line.Trim('|', '-', ' ', ':').Length > 0)
            .Select(line => (IReadOnlyList<string>)[.. line.Trim('|').Split('|').Select(cell => PlainText(cell.Trim()))]);
        blocks.Add(new TableRows(start + 1, [.. rows]));
        return end;
    }

    // One sentence a line: a paragraph goes on until an empty line or until something else begins.
    private static int ReadText(IReadOnlyList<string> lines, int start, string first, List<Block> blocks, Func<int, string, Block> make)
    {
        var text = new List<string> { first.Trim() };
        var at = start + 1;
        for (; at < lines.Count && lines[at].Trim().Length > 0 && !BeginsSomethingElse(lines[at]); at++) text.Add(lines[at].Trim());
        blocks.Add(make(start + 1, PlainText(string.Join(' ', text))));
        return at;
    }

    private static bool BeginsSomethingElse(string line) => line.StartsWith("* ", StringComparison.Ordinal) || line.StartsWith("```", StringComparison.Ordinal) || line.StartsWith('|') || HeadingLine().IsMatch(line);

    [GeneratedRegex("^(#{1,6}) (.+)$")]
    private static partial Regex HeadingLine();

    [GeneratedRegex(@"\[([^\]]+)\]\([^)]*\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"\\([\\*_|<>\[\]])")]
    private static partial Regex Escape();

    [GeneratedRegex(@"(\*\*|\*)(?=\S)([^*]+?)(?<=\S)\1")]
    private static partial Regex Emphasis();
}

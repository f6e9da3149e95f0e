namespace Maestro.Help;

/// <summary>Turns an about page into the text that Get-Help shows as it is.</summary>
internal static class AboutPage
{
    private const int Width = 80;
    private const string Indent = "    ";

    /// <exception cref="PageException">The page does not begin with its name and one sentence.</exception>
    public static string ToText(string path)
    {
        var blocks = PageReader.Read(path);
        var name = Path.GetFileNameWithoutExtension(path);
        if (blocks is not [Heading { Level: 1 } title, Paragraph summary, ..] || title.Text != name) throw new PageException(path, 1, $"an about page begins with '# {name}' and one sentence");
        var lines = new List<string> { "TOPIC", Indent + name, "", "SHORT DESCRIPTION" };
        lines.AddRange(Wrap(summary.Text, Indent, Indent));
        lines.AddRange(["", "LONG DESCRIPTION"]);
        Block? before = null;
        foreach (var block in blocks.Skip(2))
        {
            // Items of one list stand together; everything else has air around it.
            if (before is not null && !(before is ListItem && block is ListItem)) lines.Add("");
            lines.AddRange(LinesOf(block));
            before = block;
        }

        return string.Join(Environment.NewLine, lines) + Environment.NewLine;
    }

    private static IEnumerable<string> LinesOf(Block block) => block switch
    {
        Heading { Level: 2 } heading => [heading.Text.ToUpperInvariant()],
        Heading heading => ["  " + heading.Text],
        Paragraph paragraph => Wrap(paragraph.Text, Indent, Indent),
        ListItem item => Wrap(item.Text, Indent + "- ", Indent + "  "),
        Code code => code.Text.Split('\n').Select(line => (Indent + "    " + line).TrimEnd()),
        TableRows table => TableLines(table),
        _ => throw new InvalidOperationException(block.GetType().Name),
    };

    /// <summary>The last column is wrapped under itself.</summary>
    private static IEnumerable<string> TableLines(TableRows table)
    {
        var heads = Columns.Of([.. table.Rows.Select(r => (IReadOnlyList<string>)[.. r.SkipLast(1), "x"])]).Select(l => Indent + l[..^1]).ToList();
        return table.Rows.Zip(heads).SelectMany(pair => Wrap(pair.First[^1], pair.Second, new string(' ', pair.Second.Length)));
    }

    private static IEnumerable<string> Wrap(string text, string first, string next)
    {
        var line = first;
        var empty = true;
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!empty && line.Length + 1 + word.Length > Width)
            {
                yield return line;
                (line, empty) = (next, true);
            }

            line += empty ? word : " " + word;
            empty = false;
        }

        yield return line.TrimEnd();
    }
}

using System.Text.RegularExpressions;

namespace Maestro.Help;

/// <summary>One way to call a cmdlet. <paramref name="Set"/> is empty where there is only one.</summary>
internal sealed record SyntaxLine(string Set, string Text, int Line);

/// <summary>An example. <paramref name="NeedsHosts"/>: it cannot run in the lab.</summary>
internal sealed record Example(int Line, string Title, string Code, string Output, IReadOnlyList<Block> Remarks, bool NeedsHosts);

internal sealed record ParameterEntry(int Line, string Name, IReadOnlyList<Block> Description, string Yaml)
{
    /// <summary>A value of the entry's table; empty when it is not there.</summary>
    public string this[string key] => Yaml.Split('\n').Where(l => l.StartsWith(key + ":", StringComparison.Ordinal)).Select(l => l[(key.Length + 1)..].Trim()).FirstOrDefault() ?? "";
}

internal sealed record TypeEntry(string Name, IReadOnlyList<Block> Description);

/// <summary>A cmdlet's page, in the PlatyPS layout.</summary>
internal sealed partial record CmdletPage
{
    public static IReadOnlyList<string> Sections { get; } = ["SYNOPSIS", "SYNTAX", "DESCRIPTION", "EXAMPLES", "PARAMETERS", "INPUTS", "OUTPUTS", "NOTES", "RELATED LINKS"];

    public required string Path { get; init; }

    public required string Name { get; init; }

    public required string Synopsis { get; init; }

    public required IReadOnlyList<SyntaxLine> Syntax { get; init; }

    public required IReadOnlyList<Block> Description { get; init; }

    public required IReadOnlyList<Example> Examples { get; init; }

    /// <summary>Without the entry about the parameters that all cmdlets of PowerShell have.</summary>
    public required IReadOnlyList<ParameterEntry> Parameters { get; init; }

    public required IReadOnlyList<TypeEntry> Inputs { get; init; }

    public required IReadOnlyList<TypeEntry> Outputs { get; init; }

    public required IReadOnlyList<Block> Notes { get; init; }

    /// <summary>What stands in the list of links, as words.</summary>
    public required IReadOnlyList<string> Links { get; init; }

    /// <exception cref="PageException">The page is not laid out as it must be.</exception>
    public static CmdletPage Read(string path)
    {
        var blocks = PageReader.Read(path);
        if (blocks.Count == 0 || blocks[0] is not Heading { Level: 1 } title) throw new PageException(path, 1, "a page begins with '# ' and the cmdlet's name");
        var sections = Split(blocks.Skip(1), level: 2).ToList();
        var found = sections.Select(s => s.Heading.Text).ToList();
        if (!found.SequenceEqual(Sections)) throw new PageException(path, title.Line, $"the sections must be {string.Join(", ", Sections)}; found {string.Join(", ", found)}");
        return new CmdletPage
        {
            Path = path,
            Name = title.Text,
            Synopsis = Body("SYNOPSIS") is [Paragraph only] ? only.Text : throw new PageException(path, title.Line, "SYNOPSIS is one paragraph"),
            Syntax = [.. SyntaxOf(path, Body("SYNTAX"))],
            Description = Body("DESCRIPTION"),
            Examples = [.. Split(Body("EXAMPLES"), level: 3).Select(e => ExampleOf(path, e.Heading, e.Body))],
            Parameters = [.. Split(Body("PARAMETERS"), level: 3).Where(p => p.Heading.Text != "CommonParameters").Select(p => ParameterOf(path, p.Heading, p.Body))],
            Inputs = [.. Split(Body("INPUTS"), level: 3).Select(t => new TypeEntry(t.Heading.Text, t.Body))],
            Outputs = [.. Split(Body("OUTPUTS"), level: 3).Select(t => new TypeEntry(t.Heading.Text, t.Body))],
            Notes = Body("NOTES"),
            Links = [.. Body("RELATED LINKS").OfType<ListItem>().Select(l => l.Text)],
        };

        IReadOnlyList<Block> Body(string section) => sections[found.IndexOf(section)].Body;
    }

    private static IEnumerable<(Heading Heading, IReadOnlyList<Block> Body)> Split(IEnumerable<Block> blocks, int level)
    {
        Heading? heading = null;
        var body = new List<Block>();
        foreach (var block in blocks)
        {
            if (block is Heading next && next.Level == level)
            {
                if (heading is not null) yield return (heading, body);
                (heading, body) = (next, []);
            }
            else if (heading is not null) body.Add(block);
        }

        if (heading is not null) yield return (heading, body);
    }

    private static IEnumerable<SyntaxLine> SyntaxOf(string path, IReadOnlyList<Block> body)
    {
        var set = "";
        foreach (var block in body)
        {
            if (block is Heading heading) set = heading.Text.Replace(" (Default)", "", StringComparison.Ordinal);
            else if (block is Code code) yield return new SyntaxLine(set, code.Text, code.Line);
            else throw new PageException(path, block.Line, "SYNTAX holds nothing but headings of parameter sets and code");
        }
    }

    private static Example ExampleOf(string path, Heading heading, IReadOnlyList<Block> body)
    {
        var title = ExampleTitle().Match(heading.Text);
        if (!title.Success) throw new PageException(path, heading.Line, "an example's heading reads 'Example 1: what it does'");
        var codes = body.OfType<Code>().ToList();
        var code = codes.Where(c => c.Info.StartsWith("powershell", StringComparison.Ordinal)).ToList();
        if (code.Count != 1) throw new PageException(path, heading.Line, "an example has one ```powershell block");
        var output = codes.Where(c => c.Info == "output").Select(c => c.Text).FirstOrDefault() ?? "";
        return new Example(heading.Line, title.Groups[1].Value, code[0].Text, output, [.. body.Where(b => b is not Code)], code[0].Info == "powershell hosts");
    }

    private static ParameterEntry ParameterOf(string path, Heading heading, IReadOnlyList<Block> body)
    {
        if (!heading.Text.StartsWith('-')) throw new PageException(path, heading.Line, "a parameter's heading begins with '-'");
        var yaml = body.OfType<Code>().Where(c => c.Info == "yaml").ToList();
        if (yaml.Count != 1) throw new PageException(path, heading.Line, "a parameter has one ```yaml block");
        return new ParameterEntry(heading.Line, heading.Text[1..], [.. body.Where(b => b is not Code { Info: "yaml" })], yaml[0].Text);
    }

    [GeneratedRegex(@"^Example \d+: (.+)$")]
    private static partial Regex ExampleTitle();
}

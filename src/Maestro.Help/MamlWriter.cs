using System.Text;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;

namespace Maestro.Help;

/// <summary>Writes pages as the XML that Get-Help reads.</summary>
internal static partial class MamlWriter
{
    private static readonly XNamespace Help = "http://msh";
    private static readonly XNamespace Maml = "http://schemas.microsoft.com/maml/2004/10";
    private static readonly XNamespace Command = "http://schemas.microsoft.com/maml/dev/command/2004/10";
    private static readonly XNamespace Dev = "http://schemas.microsoft.com/maml/dev/2004/10";

    public static void Write(IReadOnlyList<CmdletPage> pages, string path)
    {
        var root = new XElement(Help + "helpItems", new XAttribute("schema", "maml"), pages.Select(CommandOf));
        using var writer = XmlWriter.Create(path, new XmlWriterSettings { Indent = true, Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: true) });
        root.Save(writer);
    }

    private static XElement CommandOf(CmdletPage page)
    {
        var (verb, noun) = page.Name.Split('-') is [var first, var second] ? (first, second) : throw new PageException(page.Path, 1, "the name is no Verb-Noun");
        return new XElement(
            Command + "command",
            new XAttribute(XNamespace.Xmlns + "maml", Maml),
            new XAttribute(XNamespace.Xmlns + "command", Command),
            new XAttribute(XNamespace.Xmlns + "dev", Dev),
            new XElement(
                Command + "details",
                new XElement(Command + "name", page.Name),
                new XElement(Command + "verb", verb),
                new XElement(Command + "noun", noun),
                new XElement(Maml + "description", Para(page.Synopsis))),
            new XElement(Maml + "description", Paras(page.Description)),
            new XElement(Command + "syntax", page.Syntax.Select(line => SyntaxItem(page, line))),
            new XElement(Command + "parameters", page.Parameters.Select(p => ParameterOf(p))),
            new XElement(Command + "inputTypes", page.Inputs.Select(t => TypeOf("inputType", t))),
            new XElement(Command + "returnValues", page.Outputs.Select(t => TypeOf("returnValue", t))),
            new XElement(Maml + "alertSet", new XElement(Maml + "alert", Paras(page.Notes))),
            new XElement(Command + "examples", page.Examples.Select((e, i) => ExampleOf(e, i + 1))),
            new XElement(Command + "relatedLinks", page.Links.Select(l => new XElement(Maml + "navigationLink", new XElement(Maml + "linkText", l), new XElement(Maml + "uri")))));
    }

    private static XElement SyntaxItem(CmdletPage page, SyntaxLine line) => new(
        Command + "syntaxItem",
        new XElement(Maml + "name", page.Name),
        ParameterName().Matches(line.Text).Select(m => m.Groups[1].Value).Select(name => ParameterOf(
            page.Parameters.FirstOrDefault(p => p.Name == name) ?? throw new PageException(page.Path, line.Line, $"-{name} is not among the parameters"), line)));

    private static XElement ParameterOf(ParameterEntry entry, SyntaxLine? line = null)
    {
        var type = entry["Type"];
        var pipeline = entry["Accept pipeline input"];
        var position = entry["Position"];
        var required = line is null ? entry["Required"] == "True" : !line.Text.Contains($"[-{entry.Name}", StringComparison.Ordinal) && !line.Text.Contains($"[[-{entry.Name}]", StringComparison.Ordinal);
        var element = new XElement(
            Command + "parameter",
            new XAttribute("required", required ? "true" : "false"),
            new XAttribute("variableLength", type.EndsWith("[]", StringComparison.Ordinal) ? "true" : "false"),
            new XAttribute("globbing", entry["Accept wildcard characters"] == "True" ? "true" : "false"),
            new XAttribute("pipelineInput", pipeline),
            new XAttribute("position", position == "Named" ? "named" : position),
            new XAttribute("aliases", entry["Aliases"] is { Length: > 0 } aliases ? aliases : "none"),
            new XElement(Maml + "name", entry.Name),
            new XElement(Maml + "description", Paras(entry.Description)));
        if (type != "SwitchParameter") element.Add(new XElement(Command + "parameterValue", new XAttribute("required", "true"), new XAttribute("variableLength", "false"), type));
        if (entry["Accepted values"] is { Length: > 0 } accepted)
        {
            element.Add(new XElement(Command + "parameterValueGroup", accepted.Split(',').Select(v => new XElement(Command + "parameterValue", new XAttribute("required", "false"), v.Trim()))));
        }

        element.Add(new XElement(Dev + "type", new XElement(Maml + "name", type), new XElement(Maml + "uri")), new XElement(Dev + "defaultValue", entry["Default value"]));
        return element;
    }

    private static XElement TypeOf(string element, TypeEntry entry) => new(
        Command + element,
        new XElement(Dev + "type", new XElement(Maml + "name", entry.Name)),
        new XElement(Maml + "description", Paras(entry.Description)));

    private static XElement ExampleOf(Example example, int number) => new(
        Command + "example",
        new XElement(Maml + "title", $"---------- Example {number}: {example.Title} ----------"),
        new XElement(Dev + "code", example.Output.Length == 0 ? example.Code : example.Code + "\n\n" + example.Output),
        // The empty one keeps the next title off these words: Get-Help puts no line between.
        new XElement(Dev + "remarks", Paras(example.Remarks), Para("")));

    private static IEnumerable<XElement> Paras(IEnumerable<Block> blocks) => blocks.Select(block => block switch
    {
        Paragraph paragraph => Para(paragraph.Text),
        ListItem item => Para("- " + item.Text),
        Code code => Para(code.Text),
        Heading heading => Para(heading.Text),
        TableRows table => Para(string.Join('\n', Columns.Of(table.Rows))),
        _ => throw new InvalidOperationException(block.GetType().Name),
    });

    private static XElement Para(string text) => new(Maml + "para", text);

    [GeneratedRegex(@"(?<![\w<])-([A-Z]\w*)")]
    private static partial Regex ParameterName();
}

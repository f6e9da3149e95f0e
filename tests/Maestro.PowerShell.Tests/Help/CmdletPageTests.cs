using System.Text.RegularExpressions;
using Maestro.Help;

namespace Maestro.PowerShell.Tests.Help;

/// <summary>What a page says about its cmdlet is what the cmdlet is. MAESTRO_REWRITE=1 writes the parts anew that are taken from the cmdlet.</summary>
public sealed partial class CmdletPageTests
{
    public static TheoryData<string> Cmdlets => new(HelpPages.Shapes.Select(s => s.Name));

    [Fact]
    public void Every_cmdlet_has_a_page_and_every_page_a_cmdlet() =>
        Assert.Equal(HelpPages.Shapes.Select(s => s.Name).Order(StringComparer.Ordinal), HelpPages.Pages.Select(p => p.Name).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void Syntax_and_parameters_are_those_of_the_cmdlet(string cmdlet)
    {
        var shape = ShapeOf(cmdlet);
        if (Golden.Rewriting) HelpPages.Rewrite(shape);
        var page = CmdletPage.Read(Path.Combine(HelpPages.Docs, "cmdlets", cmdlet + ".md"));

        Assert.Equal(shape.Syntax.Select(s => $"{s.Set.Replace(" (Default)", "", StringComparison.Ordinal)}|{s.Text}"), page.Syntax.Select(s => $"{s.Set}|{s.Text}"));
        Assert.Equal(shape.Parameters.Order(StringComparer.Ordinal), page.Parameters.Select(p => p.Name).Order(StringComparer.Ordinal));
        Assert.All(page.Parameters, p => Assert.Equal($"-{p.Name}\n{shape.Yaml(p.Name, p["Default value"])}", $"-{p.Name}\n{p.Yaml}"));
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void Every_parameter_is_described(string cmdlet) =>
        Assert.All(HelpPages.PageOf(cmdlet).Parameters, p => Assert.True(p.Description.OfType<Paragraph>().Any(t => t.Text.EndsWith('.')), "-" + p.Name));

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void A_page_has_two_examples_that_run_in_the_lab_one_of_them_a_pipeline(string cmdlet)
    {
        var inLab = HelpPages.PageOf(cmdlet).Examples.Where(e => !e.NeedsHosts).ToList();

        Assert.True(inLab.Count >= 2);
        if (ShapeOf(cmdlet).Parameters.Any(p => HelpPages.PageOf(cmdlet).Parameters.Single(e => e.Name == p)["Accept pipeline input"].Contains("ByValue", StringComparison.Ordinal)))
        {
            Assert.Contains(inLab, e => e.Code.Contains(" | ", StringComparison.Ordinal));
        }
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void What_a_page_says_it_writes_is_what_the_cmdlet_declares(string cmdlet) =>
        Assert.Equal(ShapeOf(cmdlet).Outputs.Order(StringComparer.Ordinal), HelpPages.PageOf(cmdlet).Outputs.Select(o => o.Name).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void A_page_names_errors_that_exist(string cmdlet)
    {
        var named = HelpPages.ErrorIdsIn(File.ReadAllText(HelpPages.PageOf(cmdlet).Path));

        Assert.NotEmpty(named);
        Assert.All(named, id => Assert.Contains(id, ErrorPageTests.Catalogue.Select(c => c.Id)));
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Links_lead_somewhere(string path)
    {
        var file = Path.Combine(HelpPages.Docs, path);
        Assert.All(LinkTarget().Matches(File.ReadAllText(file)), link =>
            Assert.True(File.Exists(Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, link.Groups[1].Value))), link.Groups[1].Value));
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Prose_has_one_sentence_a_line(string path)
    {
        var inCode = false;
        foreach (var (line, number) in File.ReadAllLines(Path.Combine(HelpPages.Docs, path)).Select((l, i) => (l, i + 1)))
        {
            if (line.StartsWith("```", StringComparison.Ordinal)) inCode = !inCode;
            if (!inCode && !line.StartsWith("* ", StringComparison.Ordinal) && !line.StartsWith('|')) Assert.False(SecondSentence().IsMatch(line), $"{path}:{number}: {line}");
        }
    }

    public static TheoryData<string> Pages => new(HelpPages.Files("cmdlets").Concat(HelpPages.Files("about")).Append(Path.Combine(HelpPages.Docs, "errors.md")).Select(p => Path.GetRelativePath(HelpPages.Docs, p)));

    private static CmdletShape ShapeOf(string cmdlet) => HelpPages.Shapes.Single(s => s.Name == cmdlet);

    [GeneratedRegex(@"\]\(([^)#:]+\.md)[^)]*\)")]
    private static partial Regex LinkTarget();

    [GeneratedRegex(@"[a-z`)]\. [A-Z`]")]
    private static partial Regex SecondSentence();
}

using System.Management.Automation.Language;
using System.Text.RegularExpressions;
using Maestro.Help;
using Maestro.PowerShell.Tests.Runspaces;

namespace Maestro.PowerShell.Tests.Help;

/// <summary>Every example of every page, each in a fresh lab: it meets no error, and shows what its page shows.</summary>
public sealed partial class PageExampleTests
{
    public static TheoryData<string, int> Examples
    {
        get
        {
            var data = new TheoryData<string, int>();
            foreach (var page in HelpPages.Pages)
            {
                for (var i = 0; i < page.Examples.Count; i++) data.Add(page.Name, i + 1);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public void An_example_runs_as_it_is(string cmdlet, int number)
    {
        var page = HelpPages.PageOf(cmdlet);
        var example = page.Examples[number - 1];
        AssertCoreOnly(example.Code);
        if (example.NeedsHosts) return;

        using var lab = ExampleLab.Open();
        var (met, shown) = lab.Type(example.Code);

        Assert.Empty(met);
        if (example.Output.Length == 0) return;
        if (Golden.Rewriting) RewriteOutput(page, example, shown.Trim('\n'));
        else Assert.Equal(Masked(example.Output), Masked(shown.Trim('\n')));
    }

    /// <summary>An about page is read from its beginning, so its code is typed in that order, into one lab.</summary>
    [Theory]
    [MemberData(nameof(AboutPages))]
    public void The_code_of_an_about_page_runs(string page)
    {
        using var lab = ExampleLab.Open();
        foreach (var code in PageReader.Read(Path.Combine(HelpPages.Docs, page)).OfType<Code>().Where(c => c.Info.StartsWith("powershell", StringComparison.Ordinal)))
        {
            AssertCoreOnly(code.Text);
            if (code.Info == "powershell" && code.Text != StartAsTyped) Assert.Empty(lab.Type(code.Text).ErrorIds);
        }
    }

    public static TheoryData<string> AboutPages => new(HelpPages.Files("about").Select(p => Path.GetRelativePath(HelpPages.Docs, p)));

    [Fact]
    public void The_page_about_Maestro_says_where_examples_begin() =>
        Assert.Contains(StartAsTyped, PageReader.Read(Path.Combine(HelpPages.Docs, "about", "about_Maestro.md")).OfType<Code>().Select(c => c.Text));

    private static string StartAsTyped => ExampleLab.Start.Replace(" | Out-Null", "", StringComparison.Ordinal);

    /// <summary>Maestro.Shell has the core cmdlets alone, and examples must run there.</summary>
    private static void AssertCoreOnly(string code)
    {
        using var runspace = ModuleRunspace.Open();
        var script = Parser.ParseInput(code, out _, out var errors);
        Assert.Empty(errors);
        Assert.All(script.FindAll(node => node is CommandAst, searchNestedScriptBlocks: true).Cast<CommandAst>().Where(c => c.GetCommandName() is not "Import-Module"), command =>
            runspace.Run("$null = Get-Command $args[0] -ErrorAction Stop", command.GetCommandName()).MustSucceed());
    }

    private static void RewriteOutput(CmdletPage page, Example example, string shown)
    {
        lock (HelpPages.Docs)
        {
            var text = File.ReadAllText(page.Path);
            File.WriteAllText(page.Path, text.Replace($"{example.Code}\n```\n\n```output\n{example.Output}\n```", $"{example.Code}\n```\n\n```output\n{shown}\n```", StringComparison.Ordinal));
        }
    }

    /// <summary>Fingerprints and ids are not what an example is about.</summary>
    private static string Masked(string text) => OperationId().Replace(Fingerprint().Replace(text, "$1········"), "····-····");

    [GeneratedRegex(@"(#\d+ )[0-9a-f]{8}")]
    private static partial Regex Fingerprint();

    [GeneratedRegex(@"\b[0-9a-z]{4}-[0-9a-z]{4}\b")]
    private static partial Regex OperationId();
}

using System.Text.RegularExpressions;
using Maestro.Help;
using Maestro.PowerShell.Tests.Formats;

namespace Maestro.PowerShell.Tests.Help;

public sealed class ErrorPageTests
{
    private static readonly Lazy<IReadOnlyList<(string Id, string Category, string Meaning)>> Codes = new(() =>
    {
        var all = (System.Collections.IEnumerable)EngineObject.Type("Errors.ErrorCatalogue").GetProperty("All")!.GetValue(null)!;
        return [.. all.Cast<object>().Select(c => (Text(c, "Id"), Text(c, "Kind"), Text(c, "Meaning")))];
    });

    private static readonly IReadOnlyList<Block> Page = PageReader.Read(Path.Combine(HelpPages.Docs, "errors.md"));

    internal static IReadOnlyList<(string Id, string Category, string Meaning)> Catalogue => Codes.Value;

    [Fact]
    public void Every_error_has_its_entry_and_every_entry_its_error() =>
        Assert.Equal(Catalogue.Select(c => c.Id).Order(StringComparer.Ordinal), Entries().Select(e => e.Id).Order(StringComparer.Ordinal));

    [Fact]
    public void An_entry_says_meaning_category_when_what_was_left_and_what_to_do() => Assert.All(Entries(), entry =>
    {
        var (_, category, meaning) = Catalogue.Single(c => c.Id == entry.Id);
        Assert.StartsWith(meaning + "\n", entry.Text, StringComparison.Ordinal);
        Assert.Contains($"Category: {category}.", entry.Text, StringComparison.Ordinal);
        Assert.All(new[] { "When: ", "Left as it is: ", "Do: " }, part => Assert.Contains(part, entry.Text, StringComparison.Ordinal));
    });

    [Fact]
    public void An_entry_says_reserved_exactly_while_nothing_raises_the_error()
    {
        var sources = Directory.GetFiles(Path.Combine(Golden.Repository, "src"), "*.cs", SearchOption.AllDirectories).Where(f => Path.GetFileName(f) != "ErrorCatalogue.cs").Select(File.ReadAllText).ToList();
        Assert.All(Entries(), entry =>
        {
            var raised = new Regex($@"\bErrorCatalogue\.{entry.Id["Maestro.".Length..]}\b");
            Assert.Equal((entry.Id, Reserved: !sources.Any(raised.IsMatch)), (entry.Id, Reserved: entry.Text.Contains("When: reserved", StringComparison.Ordinal)));
        });
    }

    [Fact]
    public void Entries_stand_in_the_order_of_the_alphabet_within_their_chapter()
    {
        var chapters = new List<List<string>>();
        foreach (var heading in Page.OfType<Heading>())
        {
            if (heading.Level == 2) chapters.Add([]);
            if (heading.Level == 3) chapters[^1].Add(heading.Text);
        }

        Assert.All(chapters, chapter => Assert.Equal(chapter.Order(StringComparer.Ordinal), chapter));
    }

    private static IEnumerable<(string Id, string Text)> Entries()
    {
        string? id = null;
        var text = "";
        foreach (var block in Page)
        {
            if (block is Heading heading)
            {
                if (id is not null) yield return (id, text);
                (id, text) = (heading.Level == 3 ? heading.Text : null, "");
            }
            else if (block is Paragraph paragraph) text += paragraph.Text + "\n";
            else if (block is ListItem item) text += item.Text + "\n";
        }

        if (id is not null) yield return (id, text);
    }

    private static string Text(object code, string property) => code.GetType().GetProperty(property)!.GetValue(code)!.ToString()!;
}

using Maestro.Help;
using Maestro.PowerShell.Tests.Runspaces;

namespace Maestro.PowerShell.Tests.Help;

/// <summary>Get-Help shows what the pages say.</summary>
public sealed class GetHelpTests(GetHelpTests.Shared shared) : IClassFixture<GetHelpTests.Shared>
{
    [Theory]
    [MemberData(nameof(CmdletPageTests.Cmdlets), MemberType = typeof(CmdletPageTests))]
    public void Get_Help_has_all_of_the_page(string cmdlet)
    {
        var page = HelpPages.PageOf(cmdlet);

        Assert.Equal(page.Synopsis, Ask($"(Get-Help {cmdlet}).Synopsis.Trim()"));
        Assert.Equal(page.Description.OfType<Paragraph>().First().Text, Ask($"(Get-Help {cmdlet}).Description[0].Text.TrimEnd()"));
        Assert.Equal(page.Parameters.Select(p => p.Name).Order(StringComparer.Ordinal), AskAll($"(Get-Help {cmdlet} -Full).Parameters.Parameter.Name").Order(StringComparer.Ordinal));
        Assert.Equal(page.Examples.Count.ToString(System.Globalization.CultureInfo.InvariantCulture), Ask($"@((Get-Help {cmdlet} -Examples).Examples.Example).Count"));
        Assert.Equal(page.Syntax.Count.ToString(System.Globalization.CultureInfo.InvariantCulture), Ask($"@((Get-Help {cmdlet}).Syntax.SyntaxItem).Count"));
    }

    [Fact]
    public void Help_with_examples_reads_well() => Golden.Compare("Help/Golden/Suspend-GroupMember.examples.txt", Shown("Get-Help Suspend-GroupMember -Examples"));

    [Fact]
    public void Full_help_reads_well() => Golden.Compare("Help/Golden/Get-MaestroSession.full.txt", Shown("Get-Help Get-MaestroSession -Full"));

    [Fact]
    public void One_parameter_can_be_asked_for() => Golden.Compare("Help/Golden/Sync-Policy.Connections.txt", Shown("Get-Help Sync-Policy -Parameter Connections"));

    [Theory]
    [MemberData(nameof(AboutPages))]
    public void An_about_page_is_found_by_its_name(string name)
    {
        var text = Ask($"Get-Help {name}");

        Assert.StartsWith("TOPIC", text.TrimStart('\uFEFF'), StringComparison.Ordinal);
        Assert.Contains("LONG DESCRIPTION", text, StringComparison.Ordinal);
        // Code is shown as it is; words are wrapped.
        Assert.All(text.Split('\n').Where(line => !line.StartsWith("        ", StringComparison.Ordinal)), line => Assert.True(line.TrimEnd('\r').Length <= 80, line));
    }

    [Fact]
    public void About_pages_are_listed_with_what_they_are_about() =>
        Assert.Equal(HelpPages.Files("about").Select(p => Path.GetFileNameWithoutExtension(p)!).Order(StringComparer.Ordinal), AskAll("(Get-Help about_Maestro*).Name").Order(StringComparer.Ordinal));

    public static TheoryData<string> AboutPages => new(HelpPages.Files("about").Select(p => Path.GetFileNameWithoutExtension(p)!));

    private string Ask(string script) => string.Join('\n', AskAll(script));

    private IReadOnlyList<string> AskAll(string script) => [.. shared.Runspace.Run(script).MustSucceed().Output.Select(o => o.ToString()!)];

    private static string Shown(string script)
    {
        using var runspace = ModuleRunspace.Open();
        runspace.Show(script).MustSucceed();
        return runspace.Host.Shown;
    }

    public sealed class Shared : IDisposable
    {
        internal ModuleRunspace Runspace { get; } = ModuleRunspace.Open();

        public void Dispose() => Runspace.Dispose();
    }
}

using Maestro.PowerShell.Tests.Runspaces;

namespace Maestro.PowerShell.Tests.Formats;

/// <summary>How PowerShell renders is a matter of the whole process, so nothing runs beside these.</summary>
[CollectionDefinition(nameof(ColourTests), DisableParallelization = true)]
public sealed class ColourCollection;

[Collection(nameof(ColourTests))]
public sealed class ColourTests
{
    private const string Green = "\e[32m";
    private const string Yellow = "\e[33m";
    private const string Red = "\e[31m";
    private const string Reset = "\e[0m";

    [Fact]
    public void A_console_that_shows_colour_gets_states_in_colour()
    {
        var shown = Shown(showsColour: true, "GroupMember");

        Assert.Contains($"{Green}Active{Reset}", shown, StringComparison.Ordinal);
        Assert.Contains($"{Yellow}Suspended{Reset}", shown, StringComparison.Ordinal);
        Assert.Contains($"{Red}Down{Reset}", shown, StringComparison.Ordinal);
    }

    [Fact]
    public void A_member_that_is_ready_does_not_carry_traffic_yet_so_it_is_not_green() =>
        Assert.Contains($"{Yellow}Ready{Reset}", Shown(showsColour: true, "GroupMember"), StringComparison.Ordinal);

    [Fact]
    public void A_state_that_is_neither_good_nor_bad_has_no_colour()
    {
        var shown = Shown(showsColour: true, "Gateway");

        Assert.Contains("9101AY1101     Assigned ", shown, StringComparison.Ordinal);
        Assert.Contains($"{Red}Unreachable{Reset}", shown, StringComparison.Ordinal);
    }

    [Fact]
    public void A_console_without_colour_gets_none() => Assert.DoesNotContain("\e[", Shown(showsColour: false, "GroupMember"), StringComparison.Ordinal);

    /// <summary>The console of the tests strips what it does not show; here a cell is asked itself.</summary>
    [Theory]
    [InlineData(OutputRendering.PlainText, true, "Active")]
    [InlineData(OutputRendering.Host, true, $"{Green}Active{Reset}")]
    [InlineData(OutputRendering.Host, false, "Active")]
    [InlineData(OutputRendering.Ansi, false, $"{Green}Active{Reset}")]
    public void PSStyle_decides_and_leaves_it_to_the_console_only_when_it_says_Host(OutputRendering rendering, bool consoleShowsColour, string cell)
    {
        using var runspace = ModuleRunspace.Open(showsColour: consoleShowsColour);
        PSStyle.Instance.OutputRendering = rendering;
        try
        {
            const string Script = "[Maestro.PowerShell.Formats.Column]::State($args[0], 'State', $ExecutionContext)";
            Assert.Equal(cell, runspace.Run(Script, Samples.Of("GroupMember")[0]).MustSucceed().Output.Single().ToString());
        }
        finally
        {
            PSStyle.Instance.OutputRendering = OutputRendering.Host;
        }
    }

    [Fact]
    public void A_unified_text_is_coloured_by_its_first_characters()
    {
        Assert.Contains($"{Red}-\t\ttcp dport 443 accept{Reset}\n{Green}+\t\ttcp dport 8443 accept{Reset}\n", ShownUnified(showsColour: true), StringComparison.Ordinal);
        Assert.Contains("\n-\t\ttcp dport 443 accept\n+\t\ttcp dport 8443 accept\n", ShownUnified(showsColour: false), StringComparison.Ordinal);
    }

    private static string ShownUnified(bool showsColour)
    {
        using var web = new Cmdlets.PolicyFile();
        using var other = new Cmdlets.PolicyFile(File.ReadAllText(web.Path).Replace("443", "8443", StringComparison.Ordinal));
        using var runspace = ModuleRunspace.Open(showsColour: showsColour);
        const string Script = "$null = Connect-Maestro -Lab; $null = (Get-Gateway -Unassigned)[0] | New-SecurityGroup dmz; $null = Sync-Policy dmz -Path $args[0]; Compare-Policy dmz -Path $args[1] -Unified; Disconnect-Maestro";
        runspace.Show(Script, web.Path, other.Path).MustSucceed();
        return runspace.Host.Shown.Replace("\r\n", "\n", StringComparison.Ordinal);
    }

    private static string Shown(bool showsColour, string type)
    {
        using var runspace = ModuleRunspace.Open(showsColour: showsColour);
        runspace.Show("$args[0]", [Samples.Of(type)]).MustSucceed();
        return runspace.Host.Shown;
    }
}

using System.Management.Automation;
using Maestro.PowerShell.Tests.Cmdlets;

namespace Maestro.PowerShell.Tests.Binding;

public sealed class CompletionTests
{
    [Fact]
    public void Live_names_are_offered_with_their_state()
    {
        using var console = LabConsole.WithGroup(3);
        console.Run("$null = Get-SecurityGroup").MustSucceed();

        var group = Assert.Single(Complete(console, "Suspend-GroupMember d"));
        Assert.Equal("dmz", group.Completion);
        Assert.Equal("Ready, 3/3 active", group.Tip);
        Assert.Equal(["lab"], Names(console, "Get-Gateway -Session "));
        Assert.Equal(["1_1", "1_2"], Names(console, "Get-Orchestrator 1"));
        Assert.Contains("eth1-05", Names(console, "Set-OrchestratorPort eth1"));
        Assert.Equal(["Capacity"], Names(console, "Suspend-GroupMember dmz 1_1 -SkipCheck Ca"));
        Assert.Equal(["Suspended"], Names(console, "Get-GroupMember -State Su"));
        Assert.Equal(["Auto"], Names(console, "Set-GroupMember dmz 1_1 -Weight "));
    }

    [Fact]
    public void Members_are_narrowed_by_the_group_that_was_typed_by_name_or_id()
    {
        using var console = LabConsole.WithGroup(3);
        console.Run("Get-Gateway -Unassigned -Site 2 | New-SecurityGroup edge; $null = Get-SecurityGroup").MustSucceed();

        Assert.Equal(["1_1", "1_2", "1_3"], Names(console, "Suspend-GroupMember dmz "));
        Assert.Equal(["1_1", "1_2", "1_3"], Names(console, "Suspend-GroupMember 1 "));
        Assert.Equal(6, Names(console, "Suspend-GroupMember -SecurityGroup edge -Member 2_").Count);
        Assert.StartsWith("Active ", Complete(console, "Suspend-GroupMember dmz 1_2")[0].Tip, StringComparison.Ordinal);
        Assert.Contains("Quantum", Complete(console, "Suspend-GroupMember dmz 1_2")[0].Tip, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_free_gateways_are_offered_to_a_group()
    {
        using var console = LabConsole.WithGroup(3);
        console.Run("$null = Get-SecurityGroup").MustSucceed();
        Assert.Equal(9, Names(console, "Add-GroupMember dmz ").Count);
        Assert.Equal(12, Names(console, "Get-Gateway ").Count);
    }

    [Fact]
    public void Operations_are_offered_also_those_of_an_earlier_process()
    {
        using var lab = new KeptLab();
        using (LabConsole.WithGroup(4, lab.Connect))
        {
        }

        using var console = LabConsole.Open(lab.Connect);
        console.Run("Suspend-GroupMember dmz 1_2").MustSucceed();
        var offered = Complete(console, "Resume-MaestroOperation ");

        Assert.Equal(console.Run("Get-MaestroOperation").Values("Id"), offered.Select(o => o.Completion.Trim('\'')));
        Assert.Equal("Succeeded SuspendGroupMember dmz", offered[0].Tip);
        Assert.Equal(["NewSecurityGroup"], Names(console, "Get-MaestroOperation -Kind N"));
    }

    [Fact]
    public void Without_a_session_nothing_is_offered_and_nothing_is_thrown()
    {
        using var console = LabConsole.Open("");
        foreach (var line in new[] { "Suspend-GroupMember ", "Add-GroupMember dmz ", "Get-MaestroOperation ", "Get-Gateway -Session nowhere -Gateway " })
        {
            Assert.All(Complete(console, line), offered => Assert.Equal(CompletionResultType.ProviderItem, offered.Type));
        }
    }

    [Fact]
    public void What_would_not_be_read_back_as_it_is_gets_quoted()
    {
        using var lab = new KeptLab();
        using (LabConsole.WithGroup(2, lab.Connect))
        {
        }

        lab.Edit(world =>
        {
            var gateways = world["Gateways"]!.AsArray().Where(g => (string?)g!["Group"] == "").ToList();
            gateways[0]!["Id"] = "9001E5";
            gateways[1]!["Id"] = "it's a gateway";
            gateways[2]!["Id"] = "-dash";
        });
        using var console = LabConsole.Open(lab.Connect);

        Assert.Equal("'9001E5'", Assert.Single(Complete(console, "Get-Gateway 9001E")).Completion);
        Assert.Equal("'it''s a gateway'", Assert.Single(Complete(console, "Get-Gateway it")).Completion);
        Assert.Equal("'it''s a gateway'", Assert.Single(Complete(console, "Get-Gateway 'it")).Completion);
        Assert.Contains("'-dash'", Complete(console, "Get-Gateway ").Select(c => c.Completion));
    }

    private static IReadOnlyList<string> Names(LabConsole console, string line) => [.. Complete(console, line).Select(c => c.Completion)];

    private static IReadOnlyList<(string Completion, string Tip, CompletionResultType Type)> Complete(LabConsole console, string line) =>
        [.. console.Run("[System.Management.Automation.CommandCompletion]::CompleteInput($args[0], $args[0].Length, $null).CompletionMatches", line).MustSucceed().Output
            .Select(o => (CompletionResult)o.BaseObject).Select(c => (c.CompletionText, c.ToolTip, c.ResultType))];
}

using System.Management.Automation;

namespace Maestro.PowerShell.Tests.Cmdlets.Policy;

public sealed class RestorePolicyTests
{
    [Fact]
    public void The_version_before_comes_back_as_a_new_one_and_the_journal_says_which_it_was()
    {
        using var console = WithVersions(2);
        var report = Assert.Single(console.Run("Restore-Policy dmz -Force -Message INC7711").MustSucceed().Output);

        Assert.Equal(["Confirmed", "3", "2"], new[] { "Outcome", "Version", "PreviousVersion" }.Select(report.Text));
        var versions = console.Run("Get-PolicyVersion dmz").MustSucceed();
        Assert.Equal(["3", "2", "1"], versions.Values("Version"));
        Assert.Equal(versions.Output[2].Text("Fingerprint"), versions.Output[0].Text("Fingerprint"));
        Assert.Equal("INC7711", versions.Output[0].Text("Message"));
        Assert.StartsWith("version 1: ", versions.Output[0].Text("Source"), StringComparison.Ordinal);
        Assert.Equal(["3", "3"], console.Run("Get-GroupMember dmz").Values("PolicyVersion"));
        var steps = console.Run("Get-MaestroOperation $args[0]", report.Text("Id")).Output[0].List("Step");
        Assert.Contains(steps, s => s.Text("Reason").StartsWith("brings version 1 back", StringComparison.Ordinal));
    }

    [Fact]
    public void Run_twice_it_stays_with_what_it_brought_back_and_says_so()
    {
        using var lab = new KeptLab();
        using var console = WithVersions(3, lab.Connect);
        console.Run("$null = Restore-Policy dmz -Force").MustSucceed();
        var before = lab.Fingerprint();

        var again = console.Run("Restore-Policy dmz -Force").MustSucceed();
        Assert.Equal(["Unchanged"], again.Values("Outcome"));
        Assert.Contains("-Version", Assert.Single(again.Warnings), StringComparison.Ordinal);
        Assert.Equal(["Unchanged"], console.Run("Restore-Policy dmz -Version 2 -Force").MustSucceed().Values("Outcome"));
        Assert.Equal(before, lab.Fingerprint());

        Assert.Equal(["5"], console.Run("Restore-Policy dmz -Version 1 -Force").MustSucceed().Values("Version"));
    }

    [Fact]
    public void A_version_from_the_pipeline_is_restored_to_its_group()
    {
        using var console = WithVersions(3);
        Assert.Equal(["Confirmed"], console.Run("Get-PolicyVersion dmz -Version 1 | Restore-Policy -Force").MustSucceed().Values("Outcome"));
        Assert.Equal(["tcp dport 3 accept"], console.Run("Compare-Policy dmz -Version 4").MustSucceed().Values("Intended"));
        Assert.Equal(["Unchanged"], console.Run("Get-SecurityGroup dmz | Restore-Policy -Force").MustSucceed().Values("Outcome"));
    }

    /// <summary>What a pipeline carries by chance must not take a policy back.</summary>
    [Fact]
    public void Neither_a_report_nor_a_member_nor_an_operation_nor_a_row_restores_anything()
    {
        using var console = WithVersions(2);
        foreach (var source in new[] { "Sync-Policy dmz", "Get-GroupMember dmz", "Get-MaestroOperation -Newest 1", "[pscustomobject]@{ SecurityGroup = 'dmz'; Version = 1 }", "[pscustomobject]@{ Name = 'dmz' }", "Compare-Policy dmz -Version 2" })
        {
            var outcome = console.Run(source + " | Restore-Policy -Force");
            Assert.NotEmpty(outcome.Errors);
            Assert.Empty(outcome.Output);
        }

        Assert.Equal(["2", "1"], console.Run("Get-PolicyVersion dmz").Values("Version"));
    }

    [Fact]
    public void It_asks_in_the_plans_words_and_nothing_is_sent_when_the_answer_is_no()
    {
        using var lab = new KeptLab();
        using var console = WithVersions(2, lab.Connect);
        var before = lab.Fingerprint();
        console.Host.Answer = _ => 2;
        Assert.Empty(console.Run("Restore-Policy dmz -Confirm").Output);
        Assert.Contains("of version 1", Assert.Single(console.Host.Questions), StringComparison.Ordinal);
        Assert.Equal(before, lab.Fingerprint());
    }

    [Fact]
    public void There_must_be_such_a_version_and_it_must_have_been_the_groups_policy()
    {
        using var console = LabConsole.WithGroup(2);
        console.Run("Restore-Policy dmz -Force").MustFail("PolicyNotFound", ErrorCategory.ObjectNotFound, "dmz");
        Sync(console, 1);
        console.Run("Restore-Policy dmz -Force").MustFail("PolicyVersionNotFound", ErrorCategory.ObjectNotFound, "1");
        console.Run("Restore-Policy dmz -Version 7 -Force").MustFail("PolicyVersionNotFound", ErrorCategory.ObjectNotFound, "7");

        using var other = new PolicyFile("table inet other { }\n");
        Assert.Single(console.Run("$null = Sync-Policy dmz -Path $args[0] -Timeout 1", other.Path).Errors);
        console.Run("Get-MaestroOperation -Newest 1 | Stop-MaestroOperation -Force").MustSucceed();
        console.Run("Restore-Policy dmz -Version 2 -Force").MustFail("PolicyVersionNotFound", ErrorCategory.ObjectNotFound, "2");
    }

    private static LabConsole WithVersions(int count, string connect = LabConsole.Lab)
    {
        var console = LabConsole.WithGroup(2, connect);
        for (var port = 1; port <= count; port++) Sync(console, port);
        return console;
    }

    private static void Sync(LabConsole console, int port)
    {
        using var policy = new PolicyFile($"table inet web {{\n  chain input {{\n    tcp dport {port} accept\n  }}\n}}\n");
        console.Run("$null = Sync-Policy dmz -Path $args[0]", policy.Path).MustSucceed();
    }
}

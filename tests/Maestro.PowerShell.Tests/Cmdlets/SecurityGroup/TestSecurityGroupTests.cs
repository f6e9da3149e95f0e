using System.Management.Automation;

namespace Maestro.PowerShell.Tests.Cmdlets.SecurityGroup;

public sealed class TestSecurityGroupTests
{
    [Fact]
    public void A_group_that_is_whole_passes_every_check_and_one_without_a_policy_says_what_it_cannot_be_asked()
    {
        using var policy = new PolicyFile();
        using var console = LabConsole.WithGroup(4);
        var before = console.Run("Test-SecurityGroup dmz").MustSucceed();
        Assert.Equal(["Skipped", "Skipped"], before.Output.Where(o => o.Text("Check").StartsWith("Policy", StringComparison.Ordinal)).Select(o => o.Text("Result")));

        console.Run("$null = Sync-Policy dmz -Path $args[0]", policy.Path).MustSucceed();
        var found = console.Run("Test-SecurityGroup").MustSucceed();
        Assert.All(found.Output, o => Assert.Equal(o.Text("Check").StartsWith("Configuration", StringComparison.Ordinal) ? "Skipped" : "Pass", o.Text("Result")));
        Assert.Equal(["MemberState", "Capacity", "PolicyAgreement", "ConfigurationAgreement", "PolicyDrift", "ConfigurationDrift", "Distribution", "StateSync", "PendingChange", "Operation"], found.Values("Check").Distinct());
        Assert.Equal(["1_1", "1_2", "1_3", "1_4"], found.Output.Where(o => o.Text("Check") == "MemberState").Select(o => o.Text("Member")));
        Assert.Equal(["True"], console.Run("Test-SecurityGroup dmz -Quiet").MustSucceed().Output.Select(o => o.ToString()));
    }

    [Fact]
    public void What_is_out_or_pending_warns_and_becomes_an_error_only_when_asked()
    {
        using var console = LabConsole.WithGroup(4);
        console.Run("Suspend-GroupMember dmz 1_2 -Message disk; (Get-Gateway -Unassigned)[0] | Add-GroupMember dmz -Stage").MustSucceed();
        var found = console.Run("Test-SecurityGroup dmz -Check MemberState, Pending | Where-Object Result -eq Warn").MustSucceed();
        Assert.Equal(["1_2", ""], found.Values("Member"));
        Assert.Contains("disk", found.Values("Reason")[0]);

        Assert.Equal(["True"], console.Run("Test-SecurityGroup dmz -Quiet").MustSucceed().Output.Select(o => o.ToString()));
        var strict = console.Run("Test-SecurityGroup dmz -Check Pending -FailOn Warn");
        strict.MustFail("CheckFailed", ErrorCategory.InvalidOperation, "dmz");
        Assert.Single(strict.Output);
        Assert.Equal(["False"], console.Run("Test-SecurityGroup dmz -Quiet -FailOn Warn -ErrorAction SilentlyContinue").Output.Select(o => o.ToString()));
    }

    [Fact]
    public void Too_few_to_bear_a_loss_fails_with_the_arithmetic()
    {
        using var console = LabConsole.WithGroup(1);
        var found = Assert.Single(console.Run("Get-SecurityGroup dmz | Test-SecurityGroup -Check capacity").MustSucceed().Output);
        Assert.Equal("Fail", found.Text("Result"));
        Assert.Contains("1 active", found.Text("Reason"));
        console.Run("$ErrorActionPreference = 'Stop'; Test-SecurityGroup -Check Capacity -FailOn Fail; 'went on'").MustFail("CheckFailed", ErrorCategory.InvalidOperation, "dmz");
    }

    [Fact]
    public void A_check_that_nobody_knows_is_named_with_those_that_there_are()
    {
        using var console = LabConsole.WithGroup(1);
        var outcome = console.Run("Test-SecurityGroup dmz -Check Weather");
        outcome.MustFail("ParameterInvalid", ErrorCategory.InvalidArgument, "Weather");
    }
}

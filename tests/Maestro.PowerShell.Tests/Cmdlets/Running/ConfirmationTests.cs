using System.Management.Automation;
using Maestro.PowerShell.Tests.Hosting;

namespace Maestro.PowerShell.Tests.Cmdlets.Running;

public sealed class ConfirmationTests
{
    [Fact]
    public void The_question_names_the_subject_and_says_what_happens_in_the_plans_words()
    {
        using var console = LabConsole.WithGroup(4);
        console.Run("Suspend-GroupMember dmz 1_2 -Confirm").MustSucceed();

        var question = Assert.Single(console.Host.Questions);
        Assert.Contains("group 'dmz', member 1_2", question, StringComparison.Ordinal);
        Assert.Contains("is drained and taken out of the distribution", question, StringComparison.Ordinal);
        Assert.DoesNotContain("on 'lab'", question, StringComparison.Ordinal);
    }

    [Fact]
    public void With_more_than_one_session_open_it_names_the_fabric()
    {
        using var console = LabConsole.WithGroup(4);
        console.Run("Connect-Maestro -Lab -Name other; Suspend-GroupMember dmz 1_2 -Session lab -Confirm").MustSucceed();
        Assert.Contains("member 1_2 on 'lab'", Assert.Single(console.Host.Questions), StringComparison.Ordinal);
    }

    [Fact]
    public void Force_loses_against_an_explicit_Confirm_and_against_WhatIf()
    {
        using var lab = new KeptLab();
        using var console = LabConsole.WithGroup(4, lab.Connect);
        console.Host.Answer = _ => 2;
        var before = lab.Fingerprint();
        console.Run("Remove-SecurityGroup dmz -Force -Confirm").MustSucceed();
        Assert.Single(console.Host.Questions);
        console.Run("Remove-SecurityGroup dmz -Force -WhatIf").MustSucceed();
        console.Run("$WhatIfPreference = $true; Remove-SecurityGroup dmz -Force; $WhatIfPreference = $false").MustSucceed();
        Assert.Equal(before, lab.Fingerprint());
    }

    [Fact]
    public void WhatIf_plans_the_piped_items_together()
    {
        using var console = LabConsole.WithGroup(2);
        var outcome = console.Run("(Get-Gateway -Unassigned -Site 1)[0..1] | Add-GroupMember dmz -WhatIf").MustSucceed();

        Assert.Empty(outcome.Output);
        Assert.Contains("joins 'dmz' as 1_3", console.Host.Shown, StringComparison.Ordinal);
        Assert.Contains("joins 'dmz' as 1_4", console.Host.Shown, StringComparison.Ordinal);

        Assert.All(console.Run("Get-GroupMember dmz | Suspend-GroupMember -WhatIf").ErrorIds, id => Assert.Equal("Maestro.CapacityGuard", id));
    }

    [Fact]
    public async Task A_shell_whose_input_is_redirected_gets_an_error_instead_of_a_yes()
    {
        const string Script = "$ErrorActionPreference = 'Stop'; Connect-Maestro -Lab | Out-Null; New-SecurityGroup dmz | Out-Null; Remove-SecurityGroup dmz";
        var run = await StartedProcess.Run(StartedAssembly.Shell, ["-Command", Script], input: "\n\n\n");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("ConfirmationRequired", run.Error + run.Output, StringComparison.Ordinal);
    }
}

/// <summary>Alone, because a variable of the process is seen by every other test.</summary>
[CollectionDefinition(nameof(InAPipeline), DisableParallelization = true)]
public sealed class InAPipeline;

[Collection(nameof(InAPipeline))]
public sealed class UnattendedTests
{
    [Theory]
    [InlineData("TF_BUILD")]
    [InlineData("GITHUB_ACTIONS")]
    [InlineData("CI")]
    public void In_a_build_pipeline_a_question_nobody_can_answer_ends_the_call_before_anything_is_sent(string variable)
    {
        using var lab = new KeptLab();
        using var console = LabConsole.WithGroup(4, lab.Connect);
        var before = lab.Fingerprint();
        Environment.SetEnvironmentVariable(variable, "true");
        try
        {
            console.MustEnd("Remove-GroupMember dmz 1_4, 1_3").MustFail("ConfirmationRequired", ErrorCategory.InvalidOperation, "group 'dmz', member 1_4");
            console.MustEnd("Suspend-GroupMember dmz 1_3 -Confirm").MustFail("ConfirmationRequired", ErrorCategory.InvalidOperation, "group 'dmz', member 1_3");
            Assert.Empty(console.Host.Questions);
            Assert.Equal(before, lab.Fingerprint());

            console.Run("Suspend-GroupMember dmz 1_3").MustSucceed();
            console.Run("Remove-GroupMember dmz 1_4 -Confirm:$false -SkipCheck Capacity").MustSucceed();
            console.Run("Remove-GroupMember dmz 1_3 -Force -SkipCheck Capacity").MustSucceed();
            console.Run("Remove-SecurityGroup dmz -WhatIf").MustSucceed();
        }
        finally
        {
            Environment.SetEnvironmentVariable(variable, null);
        }
    }
}

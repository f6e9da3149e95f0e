using Maestro.PowerShell.Tests.Hosting;

namespace Maestro.Shell.Tests;

public sealed class OutputTests
{
    [Fact]
    public async Task A_table_is_plain_text_when_the_output_is_redirected()
    {
        var run = await ShellProcess.RunCommand("[pscustomobject]@{ Member = '1_1'; State = 'Active' }");

        Assert.Equal(["Member State", "------ -----", "1_1    Active"], run.Lines);
        Assert.DoesNotContain('\e', run.Output);
    }

    [Fact]
    public async Task A_table_is_made_for_120_columns_when_there_is_no_terminal()
    {
        var run = await ShellProcess.RunCommand("[pscustomobject]@{ Left = 'x' * 40; Middle = 'y' * 40; Right = 'z' * 60 }");

        Assert.InRange(run.Lines.Max(line => line.Length), 110, 120);
    }

    [Fact]
    public async Task No_progress_is_drawn_when_the_output_is_redirected()
    {
        var run = await ShellProcess.RunCommand(
            "$Host.UI.WriteProgress(1, [Management.Automation.ProgressRecord]::new(1, 'Working', 'half')); 'done'");

        Assert.Equal(["done"], run.Lines);
    }

    [Fact]
    public async Task Text_is_written_as_UTF_8_without_a_mark() => Assert.Equal("Zürich → 東京\n", (await ShellProcess.RunCommand("'Zürich → 東京'")).Output.ReplaceLineEndings("\n"));

    [Fact]
    public async Task An_error_that_does_not_end_the_script_goes_to_standard_error_and_the_script_goes_on()
    {
        var run = await ShellProcess.RunCommand("Get-NoSuchThing; 'after'");

        Assert.Equal(["after"], run.Lines);
        Assert.Contains("CommandNotFoundException", run.Error, StringComparison.Ordinal);
        Assert.Equal(0, run.ExitCode);
    }

    [Fact]
    public async Task What_a_native_program_writes_to_standard_error_stays_as_it_is()
    {
        var run = await ShellProcess.RunCommand("dotnet no-such-file.dll");

        Assert.Contains("Could not execute", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("NativeCommandError", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("char:", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("function f { param([Parameter(Mandatory)] $Group) } f", "MissingMandatoryParameter")]
    [InlineData("$Host.UI.PromptForChoice('', 'Sure?', [Management.Automation.Host.ChoiceDescription[]]('&Yes', '&No'), 0)", "Sure?")]
    [InlineData("$Host.UI.ReadLine()", "Nobody can be asked")]
    public async Task A_prompt_that_nobody_can_answer_is_an_error(string command, string said)
    {
        var run = await ShellProcess.RunCommand($"$ErrorActionPreference = 'Stop'; {command}; 'after'");

        Assert.Equal(1, run.ExitCode);
        Assert.Empty(run.Lines);
        Assert.Contains(said, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_module_is_there_without_importing_it() =>
        Assert.Equal(["Maestro"], (await ShellProcess.RunCommand("(Get-Module).ForEach({ $_.Name })")).Lines);

    [Fact]
    public async Task NoModule_leaves_it_out() =>
        Assert.Empty((await StartedProcess.Run(ShellProcess.Assembly, ["-NoModule", "-Command", "(Get-Module).ForEach({ $_.Name })"])).Lines);
}

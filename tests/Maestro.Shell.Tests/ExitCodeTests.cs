using Maestro.PowerShell.Tests.Hosting;

namespace Maestro.Shell.Tests;

public sealed class ExitCodeTests
{
    [Fact]
    public async Task A_scripts_exit_code_is_the_shells() => Assert.Equal(3, (await ShellProcess.RunScript("ExitsWith3")).ExitCode);

    [Fact]
    public async Task A_commands_exit_code_is_the_shells() => Assert.Equal(7, (await ShellProcess.RunCommand("exit 7; 'never'")).ExitCode);

    [Fact]
    public async Task An_uncaught_error_ends_with_1_and_says_where_and_what_next_on_standard_error()
    {
        var run = await ShellProcess.RunScript("Throws");

        Assert.Equal(1, run.ExitCode);
        Assert.Equal(["before"], run.Lines);
        Assert.Contains("Group dmz is held by anna.", run.Error, StringComparison.Ordinal);
        Assert.Contains($"{ShellProcess.Script("Throws")}:5", run.Error, StringComparison.Ordinal);
        Assert.Contains("Next: Wait until anna is done.", run.Error, StringComparison.Ordinal);
        Assert.Contains("Error id: Maestro.LeaseHeld", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_script_that_does_not_parse_ends_with_1_and_names_the_line()
    {
        var run = await ShellProcess.RunScript("DoesNotParse");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains($"{ShellProcess.Script("DoesNotParse")}:2", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_argument_of_the_wrong_type_ends_with_1() =>
        Assert.Equal(1, (await ShellProcess.RunScript("Arguments", "-Hours", "many")).ExitCode);

    [Fact]
    public async Task A_missing_script_ends_with_64()
    {
        var run = await ShellProcess.RunScript("NoSuchScript");

        Assert.Equal(64, run.ExitCode);
        Assert.Contains("NoSuchScript.ps1", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_native_command_that_failed_in_a_script_that_went_on_does_not_fail_the_script()
    {
        var run = await ShellProcess.RunScript("NativeCommandFails");

        Assert.Equal(["native 1"], run.Lines);
        Assert.Equal(0, run.ExitCode);
    }

    [Fact]
    public async Task Standard_input_that_is_no_terminal_is_run_as_one_script()
    {
        var run = await StartedProcess.Run(ShellProcess.Assembly, [], "if (1) {\n 'inside' }\nexit 4\n");

        Assert.Equal(["inside"], run.Lines);
        Assert.Equal(4, run.ExitCode);
    }
}

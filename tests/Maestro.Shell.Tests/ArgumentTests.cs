namespace Maestro.Shell.Tests;

public sealed class ArgumentTests
{
    [Theory]
    [InlineData("Task=Test NoInstall=True Hours=0 Text= Rest=", "-Task", "Test", "-NoInstall")]
    [InlineData("Task=Test NoInstall=False Hours=2.5 Text= Rest=", "Test", "-NoInstall:$false", "-Hours", "2.5")]
    [InlineData("Task=Build NoInstall=False Hours=0 Text=it's $(1) \"quoted\" Rest=", "-Text", "it's $(1) \"quoted\"")]
    [InlineData("Task=Build NoInstall=False Hours=0 Text=a;b Rest=", "-Text:a;b")]
    [InlineData("Task=Build NoInstall=False Hours=-2 Text= Rest=", "-Hours", "-2")]
    [InlineData("Task=a NoInstall=False Hours=0 Text= Rest=c|d e", "-Hours", "0", "-Text", "", "a", "c", "d e")]
    public async Task The_script_gets_names_switches_and_values_as_typed(string expected, params string[] arguments) =>
        Assert.Equal([expected.TrimEnd()], (await ShellProcess.RunScript("Arguments", arguments)).Lines);
}

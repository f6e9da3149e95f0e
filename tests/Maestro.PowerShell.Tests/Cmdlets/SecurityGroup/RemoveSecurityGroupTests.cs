using System.Management.Automation;

namespace Maestro.PowerShell.Tests.Cmdlets.SecurityGroup;

public sealed class RemoveSecurityGroupTests
{
    [Fact]
    public void The_group_goes_after_one_question_and_its_gateways_are_free_again()
    {
        using var console = LabConsole.WithGroup(3);
        Assert.Empty(console.Run("Get-SecurityGroup dmz | Remove-SecurityGroup").MustSucceed().Output);

        Assert.Contains("group 'dmz'", Assert.Single(console.Host.Questions), StringComparison.Ordinal);
        Assert.Empty(console.Run("Get-SecurityGroup").Output);
        Assert.Equal(12, console.Run("Get-Gateway -Unassigned").Output.Count);
    }

    [Fact]
    public void No_is_no()
    {
        using var console = LabConsole.WithGroup(2);
        console.Host.Answer = _ => 2;
        console.Run("Remove-SecurityGroup dmz").MustSucceed();
        Assert.Equal(["Ready"], console.Run("Get-SecurityGroup dmz").Values("State"));
    }

    [Fact]
    public void What_was_removed_is_written_on_request_and_a_second_time_it_is_unknown()
    {
        using var console = LabConsole.WithGroup(2);
        Assert.Equal(["dmz"], console.Run("Remove-SecurityGroup dmz -Force -PassThru").MustSucceed().Values("Name"));
        Assert.Empty(console.Host.Questions);
        console.Run("Remove-SecurityGroup dmz -Force").MustFail("GroupNotFound", ErrorCategory.ObjectNotFound, "dmz");
    }
}

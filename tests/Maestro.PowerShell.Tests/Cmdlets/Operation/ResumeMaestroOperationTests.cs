using System.Management.Automation;

namespace Maestro.PowerShell.Tests.Cmdlets.Operation;

public sealed class ResumeMaestroOperationTests
{
    [Fact]
    public void What_timed_out_is_paused_and_goes_on()
    {
        using var console = LabConsole.WithGroup(2);
        console.Run("(Get-Gateway -Unassigned)[0] | Add-GroupMember dmz -Timeout 60").MustFail("TimedOut", ErrorCategory.OperationTimeout, "dmz");
        Assert.Equal(["Paused"], console.Run("$paused = Get-MaestroOperation -State Paused; $paused").Values("State"));

        Assert.Equal(["Succeeded"], console.Run("$paused | Resume-MaestroOperation").MustSucceed().Values("State"));
        Assert.Equal(3, console.Run("Get-GroupMember dmz -State Active").Output.Count);
    }

    [Fact]
    public void Without_waiting_the_running_operation_is_written()
    {
        using var console = LabConsole.WithGroup(2);
        Assert.Single(console.Run("(Get-Gateway -Unassigned)[0] | Add-GroupMember dmz -Timeout 60").Errors);
        Assert.Equal(["Succeeded"], console.Run("Get-MaestroOperation -State Paused | Resume-MaestroOperation -NoWait | Wait-MaestroOperation").MustSucceed().Values("State"));
    }

    [Fact]
    public void The_next_change_of_the_group_settles_it_and_says_so_unless_it_is_told_to_refuse()
    {
        using var console = LabConsole.WithGroup(3);
        Assert.Single(console.Run("(Get-Gateway -Unassigned)[0] | Add-GroupMember dmz -Timeout 60").Errors);
        var id = console.Run("$id = (Get-MaestroOperation -State Paused).Id; $id").Output[0].ToString()!;

        console.Run("Set-SecurityGroup dmz -Description web -OnUnfinished Refuse").MustFail("OperationUnfinished", ErrorCategory.ResourceBusy, id);
        var settling = console.Run("Set-SecurityGroup dmz -Description web").MustSucceed();
        Assert.Contains(settling.Warnings, w => w.Contains(id, StringComparison.Ordinal) && w.Contains("settled first", StringComparison.Ordinal));
    }

    [Fact]
    public void One_that_has_ended_is_refused()
    {
        using var console = LabConsole.WithGroup(2);
        var id = console.Run("(Get-MaestroOperation).Id").Output[0].ToString()!;
        console.Run("Resume-MaestroOperation $args[0]", id).MustFail("OperationNotResumable", ErrorCategory.InvalidOperation, id);
    }
}

using System.Management.Automation;

namespace Maestro.PowerShell.Tests.Cmdlets.Operation;

public sealed class WaitMaestroOperationTests
{
    [Fact]
    public void What_was_begun_without_waiting_is_waited_for()
    {
        using var console = LabConsole.WithGroup(2);
        var outcome = console.Run("Get-Gateway -Unassigned | Add-GroupMember dmz -NoWait | Wait-MaestroOperation").MustSucceed();

        Assert.Equal(["Succeeded"], outcome.Values("State"));
        Assert.Equal(12, console.Run("Get-GroupMember dmz -State Active").Output.Count);
        Assert.Contains(outcome.Progress, p => p.RecordType == ProgressRecordType.Completed);
    }

    [Fact]
    public void A_wait_that_is_over_is_a_time_out_and_the_operation_goes_on()
    {
        using var lab = new KeptLab();
        using (LabConsole.WithGroup(2, lab.Connect))
        {
        }

        using var console = LabConsole.Open(lab.ConnectPaced(60));
        console.Run("$operation = Get-Gateway -Unassigned | Add-GroupMember dmz -NoWait").MustSucceed();
        var id = console.Run("$operation.Id").Output[0].ToString()!;

        console.Run("Wait-MaestroOperation $operation -Timeout 1s").MustFail("TimedOut", ErrorCategory.OperationTimeout, id);
        Assert.Equal(["Running"], console.Run("Get-MaestroOperation $operation").Values("State"));
        console.Run("Wait-MaestroOperation zzzz").MustFail("OperationNotFound", ErrorCategory.ObjectNotFound, "zzzz");
    }
}

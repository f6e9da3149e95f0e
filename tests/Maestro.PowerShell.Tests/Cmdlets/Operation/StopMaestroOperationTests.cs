using System.Management.Automation;

namespace Maestro.PowerShell.Tests.Cmdlets.Operation;

public sealed class StopMaestroOperationTests
{
    [Fact]
    public void A_paused_operation_ends_for_good_after_a_question()
    {
        using var console = LabConsole.WithGroup(2);
        Assert.Single(console.Run("(Get-Gateway -Unassigned)[0] | Add-GroupMember dmz -Timeout 60").Errors);

        Assert.Equal(["Stopped"], console.Run("Get-MaestroOperation -State Paused | Stop-MaestroOperation").MustSucceed().Values("State"));
        Assert.Contains("end for good", Assert.Single(console.Host.Questions), StringComparison.Ordinal);
    }

    [Fact]
    public void A_running_one_is_stopped()
    {
        using var lab = new KeptLab();
        using (LabConsole.WithGroup(2, lab.Connect))
        {
        }

        using var console = LabConsole.Open(lab.ConnectPaced(60));
        Assert.Equal(["Stopped"], console.Run("Get-Gateway -Unassigned | Add-GroupMember dmz -NoWait | Stop-MaestroOperation -Force").MustSucceed().Values("State"));
        Assert.Empty(console.Host.Questions);
    }

    [Fact]
    public void One_that_has_ended_is_refused()
    {
        using var console = LabConsole.WithGroup(2);
        var id = console.Run("(Get-MaestroOperation).Id").Output[0].ToString()!;
        console.Run("Stop-MaestroOperation $args[0] -Force", id).MustFail("OperationNotResumable", ErrorCategory.InvalidOperation, id);
    }
}

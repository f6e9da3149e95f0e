using System.Management.Automation;

namespace Maestro.PowerShell.Tests.Cmdlets.Operation;

/// <summary>A running operation is steered from the same console, slowly enough to come in between.</summary>
public sealed class SuspendMaestroOperationTests
{
    [Fact]
    public void A_running_operation_comes_to_rest_and_is_written()
    {
        using var lab = new KeptLab();
        using (LabConsole.WithGroup(2, lab.Connect))
        {
        }

        using var console = LabConsole.Open(lab.ConnectPaced(60));
        var outcome = console.Run("Get-Gateway -Unassigned | Add-GroupMember dmz -NoWait | Suspend-MaestroOperation").MustSucceed();
        Assert.Equal(["Paused"], outcome.Values("State"));
        Assert.Contains("asked it to pause", outcome.Values("Reason")[0], StringComparison.Ordinal);
    }

    [Fact]
    public void One_that_does_not_run_is_refused()
    {
        using var console = LabConsole.WithGroup(2);
        var id = console.Run("$operation = Get-MaestroOperation; $operation.Id").Output[0].ToString()!;
        console.Run("Suspend-MaestroOperation $operation").MustFail("OperationNotResumable", ErrorCategory.InvalidOperation, id);
    }
}

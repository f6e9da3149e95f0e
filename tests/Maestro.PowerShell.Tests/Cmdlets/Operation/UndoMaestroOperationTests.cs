using System.Management.Automation;

namespace Maestro.PowerShell.Tests.Cmdlets.Operation;

public sealed class UndoMaestroOperationTests
{
    [Fact]
    public void What_an_ended_operation_did_is_taken_back_by_an_operation_of_its_own()
    {
        using var console = LabConsole.WithGroup(4);
        console.Run("Suspend-GroupMember dmz 1_2").MustSucceed();
        var undone = Assert.Single(console.Run("Get-MaestroOperation -Newest 1 | Undo-MaestroOperation").MustSucceed().Output);

        Assert.Equal("Succeeded", undone.Text("State"));
        Assert.Equal(["Active"], console.Run("Get-GroupMember dmz 1_2").Values("State"));
        Assert.Contains("take back", Assert.Single(console.Host.Questions), StringComparison.Ordinal);
    }

    [Fact]
    public void One_that_left_everything_as_it_was_is_refused()
    {
        using var console = LabConsole.WithGroup(4);
        Assert.Single(console.Run("Suspend-GroupMember dmz 1_2 -Drain Wait -DrainTimeout 5").Errors);
        var id = console.Run("(Get-MaestroOperation -Newest 1).Id").Output[0].ToString()!;
        console.Run("Undo-MaestroOperation $args[0] -Force", id).MustFail("OperationNotResumable", ErrorCategory.InvalidOperation, id);
    }
}

using System.Management.Automation;

namespace Maestro.PowerShell.Tests.Cmdlets.PendingChange;

public sealed class UndoPendingChangeTests
{
    [Fact]
    public void What_is_pending_is_discarded_after_a_question()
    {
        using var console = LabConsole.Open(LabConsole.Lab + "; New-SecurityGroup dmz -Stage");
        console.Run("Undo-PendingChange").MustSucceed();

        Assert.Single(console.Host.Questions);
        Assert.Empty(console.Run("Get-PendingChange").Output);
        Assert.Empty(console.Run("Get-SecurityGroup -Pending").Output);
    }

    [Fact]
    public void Somebody_elses_changes_stay_unless_they_are_meant()
    {
        using var lab = new KeptLab();
        var id = "";
        using (var first = LabConsole.WithGroup(2, lab.Connect)) id = first.Run("(Get-Gateway -Unassigned)[0].Id").Output[0].ToString()!;
        lab.StageAsBob("", id);
        using var console = LabConsole.Open(lab.Connect);

        console.Run("Undo-PendingChange -Force").MustFail("ForeignChange", ErrorCategory.ResourceBusy, $"gateway {id}");
        Assert.Single(console.Run("Get-PendingChange").Output);
        console.Run("Undo-PendingChange -Force -IncludeForeign").MustSucceed();
        Assert.Empty(console.Run("Get-PendingChange").Output);
    }
}

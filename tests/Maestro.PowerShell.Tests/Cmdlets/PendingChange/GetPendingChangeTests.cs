using System.Management.Automation;

namespace Maestro.PowerShell.Tests.Cmdlets.PendingChange;

public sealed class GetPendingChangeTests
{
    [Fact]
    public void Ours_and_somebody_elses_are_told_apart()
    {
        using var lab = new KeptLab();
        using (var first = LabConsole.WithGroup(2, lab.Connect))
        {
            first.Run("New-SecurityGroup edge -Stage; (Get-Gateway -Unassigned)[0] | Add-GroupMember dmz -Stage").MustSucceed();
            lab.Edit(_ => { });
        }

        lab.StageAsBob("dmz", "");
        using var console = LabConsole.Open(lab.Connect);

        Assert.Equal(["Foreign", "Own"], console.Run("Get-PendingChange").Values("Origin").Distinct().Order());
        Assert.Equal(["edge"], console.Run("Get-PendingChange edge").Values("SecurityGroup").Distinct());
        Assert.Contains("bob", console.Run("Get-SecurityGroup dmz | Get-PendingChange").MustSucceed().Values("StagedBy"));
    }

    [Fact]
    public void Nothing_pending_is_nothing_and_an_unknown_group_is_an_error()
    {
        using var console = LabConsole.WithGroup(2);
        Assert.Empty(console.Run("Get-PendingChange dmz").MustSucceed().Output);
        console.Run("Get-PendingChange nope").MustFail("GroupNotFound", ErrorCategory.ObjectNotFound, "nope");
    }

    [Fact]
    public void A_group_that_is_about_to_go_still_names_its_changes()
    {
        using var console = LabConsole.WithGroup(2);
        console.Run("Remove-SecurityGroup dmz -Stage -Force").MustSucceed();
        Assert.NotEmpty(console.Run("Get-PendingChange dmz").MustSucceed().Output);
    }
}

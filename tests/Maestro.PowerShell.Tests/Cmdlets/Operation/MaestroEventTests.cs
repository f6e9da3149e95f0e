using System.Management.Automation;

namespace Maestro.PowerShell.Tests.Cmdlets.Operation;

public sealed class MaestroEventTests
{
    [Fact]
    public void What_a_hand_did_to_a_member_is_told_newest_first_with_its_words()
    {
        using var console = LabConsole.WithGroup(4);
        console.Run("Suspend-GroupMember dmz 1_3 -Message 'disk swap CHG0042'; Resume-GroupMember dmz 1_3; Set-GroupMember dmz 1_1 -Weight 7").MustSucceed();

        var told = console.Run("Get-MaestroEvent dmz -Member 1_3 -After 2h -Newest 2").MustSucceed();

        Assert.Equal(["OperationEnded", "OperationEnded"], told.Values("Kind"));
        Assert.StartsWith("ResumeGroupMember Succeeded, ", told.Values("Text")[0]);
        Assert.EndsWith(": disk swap CHG0042", told.Values("Text")[1]);
        Assert.Equal(console.Run("Get-MaestroOperation -Kind SuspendGroupMember").MustSucceed().Values("Id"), [told.Values("Operation")[1]]);
        Assert.Equal(["1_1"], console.Run("Get-GroupMember dmz 1_1 | Get-MaestroEvent -Newest 1").MustSucceed().Values("Member"));
    }

    [Fact]
    public void What_a_watch_said_is_kept_and_found_by_kind_severity_and_time()
    {
        using var console = LabConsole.WithGroup(3);
        console.Run("Suspend-GroupMember dmz 1_3 -SkipCheck Capacity; Watch-SecurityGroup dmz | Select-First").MustSucceed();

        var began = Assert.Single(console.Run("Get-SecurityGroup | Get-MaestroEvent -Kind WatchBegan").MustSucceed().Output);
        Assert.Equal(("Warning", "dmz"), (began.Text("Severity"), began.Text("SecurityGroup")));
        Assert.StartsWith("2 of 3 members active; 1_3 Suspended", began.Text("Text"));
        Assert.Equal(["WatchBegan"], console.Run("Get-MaestroEvent d* -Severity Warning, Error").MustSucceed().Values("Kind"));
        Assert.Empty(console.Run("Get-MaestroEvent -Before 1d").MustSucceed().Output);
        Assert.Empty(console.Run("Get-MaestroEvent gone").MustSucceed().Output);
    }

    [Fact]
    public void A_read_only_session_watches_and_keeps_nothing()
    {
        using var lab = new KeptLab();
        using (LabConsole.WithGroup(2, lab.Connect))
        {
        }

        using var console = LabConsole.Open(lab.Connect + " -ReadOnly");
        console.Run("Watch-SecurityGroup dmz | Select-First").MustSucceed();
        Assert.Empty(console.Run("Get-MaestroEvent -Kind WatchBegan").MustSucceed().Output);
    }

    [Fact]
    public void An_id_that_no_group_has_is_an_error()
    {
        using var console = LabConsole.WithGroup(2);
        console.Run("Get-MaestroEvent 77").MustFail("GroupNotFound", ErrorCategory.ObjectNotFound, "77");
    }
}

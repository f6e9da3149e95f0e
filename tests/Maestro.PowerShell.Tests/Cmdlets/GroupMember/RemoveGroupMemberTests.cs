using System.Management.Automation;

namespace Maestro.PowerShell.Tests.Cmdlets.GroupMember;

public sealed class RemoveGroupMemberTests
{
    [Fact]
    public void Members_leave_in_one_apply_and_are_written_as_they_were()
    {
        using var console = LabConsole.WithGroup(5);
        var outcome = console.Run("Get-GroupMember dmz 1_[45] | Remove-GroupMember -PassThru -Force").MustSucceed();

        Assert.Equal(["1_4", "1_5"], outcome.Values("Member"));
        Assert.Equal(["1_1", "1_2", "1_3"], console.Run("Get-GroupMember dmz").Values("Member"));
        Assert.Equal(9, console.Run("Get-Gateway -Unassigned").Output.Count);
        Assert.Single(Assert.Single(console.Run("Get-MaestroOperation -Kind RemoveGroupMember").Output).List("Step"), step => step.Text("Kind") == "topology.apply");
    }

    [Fact]
    public void It_asks_for_each_member()
    {
        using var console = LabConsole.WithGroup(5);
        console.Run("Remove-GroupMember dmz 1_4, 1_5").MustSucceed();
        Assert.Equal(2, console.Host.Questions.Count);
    }

    [Fact]
    public void One_that_does_not_answer_needs_the_check_to_be_skipped()
    {
        using var lab = new KeptLab();
        var id = "";
        using (var first = LabConsole.WithGroup(5, lab.Connect)) id = first.Run("(Get-GroupMember dmz 1_5).Gateway").Output[0].ToString()!;
        lab.TakeOffTheNetwork(id);

        using var console = LabConsole.Open(lab.Connect);
        console.Run("Remove-GroupMember dmz 1_5 -Force").MustFail("MemberUnreachable", ErrorCategory.ConnectionError, "1_5");
        console.Run("Remove-GroupMember dmz 1_5 -Force -SkipCheck Reachable").MustSucceed();
        Assert.Equal(4, console.Run("Get-GroupMember dmz").Output.Count);
    }

    [Fact]
    public void With_stage_it_stops_at_pending()
    {
        using var console = LabConsole.WithGroup(5);
        console.Run("Remove-GroupMember dmz 1_5 -Force -Stage").MustSucceed();
        Assert.Equal(5, console.Run("Get-GroupMember dmz").Output.Count);
        Assert.Single(console.Run("Get-PendingChange").Output);
    }
}

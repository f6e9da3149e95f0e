namespace Maestro.PowerShell.Tests.Cmdlets.GroupMember;

public sealed class RestartGroupMemberTests
{
    [Fact]
    public void Members_restart_one_after_another_after_a_question_each()
    {
        using var console = LabConsole.WithGroup(4);
        var outcome = console.Run("Get-GroupMember dmz 1_* | Restart-GroupMember -PassThru").MustSucceed();

        Assert.Equal(4, console.Host.Questions.Count);
        Assert.All(console.Host.Questions, question => Assert.Contains("drain, restart, rejoin", question, StringComparison.Ordinal));
        Assert.All(outcome.Values("State"), state => Assert.Equal("Active", state));
        var operation = Assert.Single(console.Run("Get-MaestroOperation -Kind RestartGroupMember").Output);
        Assert.Equal(["1_2", "1_3", "1_4", "1_1"], operation.List("Step").Where(s => s.Text("Kind") == "member.restart").Select(s => s.Text("Member")));
    }

    [Fact]
    public void A_member_that_was_declined_is_left_alone_and_the_others_go()
    {
        using var console = LabConsole.WithGroup(4);
        console.Host.Answer = question => question.Contains("1_2", StringComparison.Ordinal) ? 2 : 0;
        console.Run("Restart-GroupMember dmz 1_2, 1_3").MustSucceed();

        var operation = Assert.Single(console.Run("Get-MaestroOperation -Kind RestartGroupMember").Output);
        Assert.All(operation.List("Step"), step => Assert.Equal("1_3", step.Text("Member")));
    }

    [Fact]
    public void A_suspended_member_stays_suspended()
    {
        using var console = LabConsole.WithGroup(4);
        console.Run("Suspend-GroupMember dmz 1_2; Restart-GroupMember dmz 1_2 -Force").MustSucceed();
        Assert.Equal(["Suspended"], console.Run("Get-GroupMember dmz 1_2").Values("State"));
    }
}

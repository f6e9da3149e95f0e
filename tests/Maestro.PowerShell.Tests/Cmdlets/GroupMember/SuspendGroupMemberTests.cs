using System.Management.Automation;

namespace Maestro.PowerShell.Tests.Cmdlets.GroupMember;

public sealed class SuspendGroupMemberTests
{
    [Fact]
    public void A_member_is_drained_and_keeps_who_and_why()
    {
        using var console = LabConsole.WithGroup(4);
        Assert.Empty(console.Run("Suspend-GroupMember dmz 1_2 -Message 'disk swap CHG0042'").MustSucceed().Output);

        var member = Assert.Single(console.Run("Get-GroupMember dmz 1_2").Output);
        Assert.Equal("Suspended", member.Text("State"));
        Assert.EndsWith(": disk swap CHG0042", member.Text("Reason"), StringComparison.Ordinal);
        Assert.Equal(["disk swap CHG0042"], console.Run("Get-MaestroOperation -Newest 1").Values("Message"));
        Assert.Empty(console.Host.Questions);
    }

    [Fact]
    public void N_plus_1_is_kept_with_the_arithmetic_and_waived_by_name()
    {
        using var console = LabConsole.WithGroup(2);
        var error = console.Run("Suspend-GroupMember dmz 1_2").MustFail("CapacityGuard", ErrorCategory.LimitsExceeded, "1_2");
        Assert.Contains("2 active - 1 leaving - 1 spare", error.ErrorDetails.Message, StringComparison.Ordinal);
        Assert.All(console.Run("Get-GroupMember dmz").Values("State"), state => Assert.Equal("Active", state));

        Assert.Equal(["Suspended"], console.Run("Suspend-GroupMember dmz 1_2 -SkipCheck Capacity -PassThru").MustSucceed().Values("State"));
        console.Run("Suspend-GroupMember dmz 1_1 -SkipCheck Capacity").MustFail("CapacityGuard", ErrorCategory.LimitsExceeded, "1_1");
    }

    [Fact]
    public void Piped_members_are_judged_together_and_those_that_may_go_are_one_operation()
    {
        using var console = LabConsole.WithGroup(4);
        var outcome = console.Run("Get-GroupMember dmz | Suspend-GroupMember -PassThru");

        // Of four with one spare, one may leave; with two out, what is left after a loss would not carry the load.
        Assert.Equal(["1_1"], outcome.Values("Member"));
        Assert.All(outcome.ErrorIds, id => Assert.Equal("Maestro.CapacityGuard", id));
        Assert.Equal(["1_2", "1_3", "1_4"], outcome.Errors.Select(e => e.TargetObject.ToString()!));
        Assert.Contains("Without 1_1, 1_3 ", outcome.Errors[1].ErrorDetails.Message, StringComparison.Ordinal);
        Assert.Single(console.Run("Get-MaestroOperation -Kind SuspendGroupMember").Output);
    }

    [Fact]
    public void What_is_suspended_already_is_no_second_operation()
    {
        using var console = LabConsole.WithGroup(4);
        console.Run("Suspend-GroupMember dmz 1_2").MustSucceed();
        var again = console.Run("Suspend-GroupMember dmz 1_2 -PassThru -Verbose").MustSucceed();

        Assert.Equal(["1_2"], again.Values("Member"));
        Assert.Contains(again.Verbose, line => line.Contains("is suspended already", StringComparison.Ordinal));
        Assert.Single(console.Run("Get-MaestroOperation -Kind SuspendGroupMember").Output);
    }

    [Fact]
    public void A_drain_that_takes_too_long_puts_the_member_back()
    {
        using var console = LabConsole.WithGroup(4);
        console.Run("Suspend-GroupMember dmz 1_2 -Drain Wait -DrainTimeout 5").MustFail("DrainTimedOut", ErrorCategory.OperationTimeout, "dmz");
        Assert.Equal(["Active"], console.Run("Get-GroupMember dmz 1_2").Values("State"));
        Assert.Equal(["RolledBack"], console.Run("Get-MaestroOperation -Newest 1").Values("State"));

        console.Run("Suspend-GroupMember dmz 1_2 -Drain Wait -DrainTimeout 5m").MustSucceed();
        Assert.Equal(["Suspended"], console.Run("Get-GroupMember dmz 1_2").Values("State"));
    }

    [Fact]
    public void An_unknown_member_is_its_own_error_and_an_unknown_check_ends_the_call()
    {
        using var console = LabConsole.WithGroup(4);
        var outcome = console.Run("Suspend-GroupMember dmz 1_9, 1_02 -PassThru");
        outcome.MustFail("MemberNotFound", ErrorCategory.ObjectNotFound, "1_9");
        Assert.Equal(["1_2"], outcome.Values("Member"));

        console.MustEnd("Suspend-GroupMember dmz 1_3 -SkipCheck Capcity").MustFail("ParameterInvalid", ErrorCategory.InvalidArgument, "Capcity");
        Assert.Equal(["Active"], console.Run("Get-GroupMember dmz 1_3").Values("State"));
    }

    [Fact]
    public void A_lease_that_another_controller_holds_is_named_with_its_holder()
    {
        using var lab = new KeptLab();
        using (LabConsole.WithGroup(4, lab.Connect))
        {
        }

        lab.HoldAsBob("dmz");
        using var console = LabConsole.Open(lab.Connect);
        var error = console.Run("Suspend-GroupMember dmz 1_2").MustFail("LeaseHeld", ErrorCategory.ResourceBusy, "dmz");

        Assert.Contains("bob@jump9", error.ErrorDetails.Message, StringComparison.Ordinal);
        Assert.Contains("bobs-oper", error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
        Assert.All(console.Run("Get-GroupMember dmz").Values("State"), state => Assert.Equal("Active", state));
    }
}

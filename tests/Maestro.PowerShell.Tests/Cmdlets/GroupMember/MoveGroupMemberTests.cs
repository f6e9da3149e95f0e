using System.Management.Automation;

namespace Maestro.PowerShell.Tests.Cmdlets.GroupMember;

public sealed class MoveGroupMemberTests
{
    [Fact]
    public void A_gateway_changes_groups_and_is_written_under_its_new_id()
    {
        using var console = LabConsole.WithGroup(4);
        console.Run("New-SecurityGroup edge; $id = (Get-GroupMember dmz 1_4).Gateway").MustSucceed();
        var member = Assert.Single(console.Run("Get-Gateway $id | Move-GroupMember -Destination edge -PassThru -Force").MustSucceed().Output);

        Assert.Equal(["edge", "1_1", "Active"], new[] { "SecurityGroup", "Member", "State" }.Select(member.Text));
        Assert.Equal(3, console.Run("Get-GroupMember dmz").Output.Count);
        Assert.Single(console.Run("Get-MaestroOperation -Kind MoveGroupMember").Output);
    }

    [Fact]
    public void It_asks_first_and_keeps_the_capacity_of_the_group_that_is_left()
    {
        using var console = LabConsole.WithGroup(2);
        console.Run("New-SecurityGroup edge").MustSucceed();

        console.Run("Move-GroupMember dmz 1_2 -Destination edge").MustFail("CapacityGuard", ErrorCategory.LimitsExceeded, "1_2");
        console.Run("Move-GroupMember dmz 1_2 -Destination edge -SkipCheck Capacity").MustSucceed();
        Assert.Contains("moves from 'dmz' to 'edge' as 1_1", Assert.Single(console.Host.Questions), StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_group_and_an_unknown_one_are_refused()
    {
        using var console = LabConsole.WithGroup(4);
        console.Run("Move-GroupMember dmz 1_4 -Destination dmz -Force").MustFail("ParameterInvalid", ErrorCategory.InvalidArgument, "dmz");
        console.Run("Move-GroupMember dmz 1_4 -Destination nope -Force").MustFail("GroupNotFound", ErrorCategory.ObjectNotFound, "nope");
    }
}

using System.Management.Automation;

namespace Maestro.PowerShell.Tests.Cmdlets.GroupMember;

public sealed class GetGroupMemberTests
{
    [Fact]
    public void Members_come_by_group_in_order_of_site_and_number()
    {
        using var console = LabConsole.WithGroup(2);
        console.Run("Get-Gateway -Unassigned -Site 2 | New-SecurityGroup app; (Get-Gateway -Unassigned)[0] | Add-GroupMember app").MustSucceed();

        Assert.Equal(["app", "app", "app", "app", "app", "app", "app", "dmz", "dmz"], console.Run("Get-GroupMember").Values("SecurityGroup"));
        Assert.Equal(["1_1", "2_1", "2_2", "2_3", "2_4", "2_5", "2_6"], console.Run("Get-GroupMember app").Values("Member"));
        Assert.Equal(["1_1", "1_1"], console.Run("Get-GroupMember * 1_1").Values("Member"));
        Assert.Equal(["1_1", "1_2"], console.Run("Get-SecurityGroup dmz | Get-GroupMember").MustSucceed().Values("Member"));
    }

    [Fact]
    public void A_piped_member_is_read_again_alone()
    {
        using var console = LabConsole.WithGroup(3);
        Assert.Equal(["1_2"], console.Run("Get-GroupMember dmz 1_2 | Get-GroupMember").MustSucceed().Values("Member"));
        Assert.Equal(["1_2"], console.Run("[pscustomobject]@{ SecurityGroup = 'dmz'; Member = '1_2' } | Get-GroupMember").MustSucceed().Values("Member"));
    }

    [Fact]
    public void A_state_filters_and_only_an_unknown_literal_is_an_error()
    {
        using var console = LabConsole.WithGroup(3);
        console.Run("Suspend-GroupMember dmz 1_2 -SkipCheck Capacity").MustSucceed();

        Assert.Equal(["1_2"], console.Run("Get-GroupMember -State Suspended, Down").Values("Member"));
        Assert.Empty(console.Run("Get-GroupMember dmz 1_2 -State Active").MustSucceed().Output);
        Assert.Empty(console.Run("Get-GroupMember dmz 9*").MustSucceed().Output);
        console.Run("Get-GroupMember dmz 1_9").MustFail("MemberNotFound", ErrorCategory.ObjectNotFound, "1_9");
        console.Run("Get-GroupMember nope").MustFail("GroupNotFound", ErrorCategory.ObjectNotFound, "nope");
    }
}

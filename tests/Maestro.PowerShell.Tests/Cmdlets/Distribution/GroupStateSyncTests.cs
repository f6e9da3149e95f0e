using System.Management.Automation;

namespace Maestro.PowerShell.Tests.Cmdlets.Distribution;

public sealed class GroupStateSyncTests
{
    [Fact]
    public void A_line_a_member_shows_what_it_carries_and_keeps_and_every_copy_is_somebodys_connection()
    {
        using var console = LabConsole.WithGroup(3);

        var outcome = console.Run("Get-SecurityGroup | Get-GroupStateSync").MustSucceed();

        Assert.Equal(["1_1", "1_2", "1_3"], outcome.Values("Member"));
        var (owned, kept) = (outcome.Values("Owned").Sum(long.Parse), outcome.Values("BackedUp").Sum(long.Parse));
        Assert.InRange(owned, 1, long.MaxValue);
        // Rounded for each member.
        Assert.InRange(kept, owned - 3, owned + 3);
        Assert.All(outcome.Output, line => Assert.Equal(("0", ""), (line.Text("Unprotected"), line.Text("Reason"))));
    }

    [Fact]
    public void Who_carries_alone_is_not_protected_and_that_is_said()
    {
        using var console = LabConsole.WithGroup(2);
        console.Run("Suspend-GroupMember dmz 1_2 -SkipCheck Capacity").MustSucceed();

        var alone = console.Run("Get-GroupStateSync dmz | Where-Object Member -eq 1_1").MustSucceed().Output.Single();

        Assert.Equal(alone.Text("Owned"), alone.Text("Unprotected"));
        Assert.Equal("no other member carries, so nobody keeps copies", alone.Text("Reason"));
    }

    [Fact]
    public void An_unknown_group_is_an_error()
    {
        using var console = LabConsole.WithGroup(2);
        console.Run("Get-GroupStateSync nosuch").MustFail("GroupNotFound", ErrorCategory.ObjectNotFound, "nosuch");
    }
}

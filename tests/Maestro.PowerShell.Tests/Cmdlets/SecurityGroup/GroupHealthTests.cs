using System.Management.Automation;

namespace Maestro.PowerShell.Tests.Cmdlets.SecurityGroup;

public sealed class GroupHealthTests
{
    [Fact]
    public void A_whole_group_is_OK_with_the_arithmetic_as_its_reason()
    {
        using var policy = new PolicyFile();
        using var console = LabConsole.WithGroup(4);
        console.Run("$null = Sync-Policy dmz -Path $args[0]", policy.Path).MustSucceed();

        var health = console.Run("Get-GroupHealth").MustSucceed().Output.Single();

        Assert.Equal(("dmz", "OK", "4", "4", "True", "1_1"), (health.Text("SecurityGroup"), health.Text("Grade"), health.Text("ActiveCount"), health.Text("MemberCount"), health.Text("SpareSatisfied"), health.Text("SmoMaster")));
        Assert.Equal(("True", "", "1 Active"), (health.Text("PolicyAgrees"), health.Text("ConfigurationAgrees"), health.Text("Site")));
        Assert.StartsWith("4 active - 0 leaving - 1 spare = 3 to carry the load at ", health.Text("Reason"));
    }

    [Fact]
    public void Groups_and_members_from_the_pipeline_are_told_once_each()
    {
        using var console = LabConsole.WithGroup(3);
        console.Run("(Get-Gateway -Unassigned)[0] | New-SecurityGroup edge").MustSucceed();

        Assert.Equal(["dmz", "edge"], console.Run("Get-SecurityGroup | Get-GroupHealth").MustSucceed().Values("SecurityGroup"));
        Assert.Equal(["dmz"], console.Run("Get-GroupMember dmz | Get-GroupHealth").MustSucceed().Values("SecurityGroup"));
        Assert.Equal(["edge"], console.Run("Get-GroupHealth e*").MustSucceed().Values("SecurityGroup"));
    }

    [Fact]
    public void One_member_out_by_hand_warns_since_then_and_one_too_many_is_critical()
    {
        using var policy = new PolicyFile();
        using var console = LabConsole.WithGroup(3);
        console.Run("$null = Sync-Policy dmz -Path $args[0]; Suspend-GroupMember dmz 1_3 -SkipCheck Capacity -Message 'disk swap'", policy.Path).MustSucceed();
        var one = console.Run("Get-GroupHealth dmz").MustSucceed().Output.Single();
        Assert.Contains("1_3 is out by hand of ", one.Text("Reason"));
        Assert.Contains("disk swap", one.Text("Reason"));
        Assert.NotEqual("OK", one.Text("Grade"));

        console.Run("Suspend-GroupMember dmz 1_2 -SkipCheck Capacity").MustSucceed();
        var two = console.Run("Get-GroupHealth dmz").MustSucceed().Output.Single();
        Assert.Equal(("Critical", "False"), (two.Text("Grade"), two.Text("SpareSatisfied")));
        Assert.Equal(console.Run("Get-GroupMember dmz 1_2").MustSucceed().Values("Since"), [two.Text("Since")]);
    }

    [Fact]
    public void An_unknown_group_is_an_error()
    {
        using var console = LabConsole.WithGroup(2);
        console.Run("Get-GroupHealth nosuch").MustFail("GroupNotFound", ErrorCategory.ObjectNotFound, "nosuch");
    }
}

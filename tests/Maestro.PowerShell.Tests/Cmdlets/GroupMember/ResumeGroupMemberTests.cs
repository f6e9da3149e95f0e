using System.Management.Automation;

namespace Maestro.PowerShell.Tests.Cmdlets.GroupMember;

public sealed class ResumeGroupMemberTests
{
    [Fact]
    public void A_member_comes_back_with_the_groups_policy()
    {
        using var policy = new PolicyFile();
        using var console = LabConsole.WithGroup(4);
        console.Run("Suspend-GroupMember dmz 1_2; $null = Sync-Policy dmz -Path $args[0]", policy.Path).MustSucceed();
        var member = Assert.Single(console.Run("Resume-GroupMember dmz 1_2 -PassThru").MustSucceed().Output);

        Assert.Equal(["Active", "1", ""], new[] { "State", "PolicyVersion", "SuspendedBy" }.Select(member.Text));
    }

    [Fact]
    public void A_cause_that_is_not_administrative_is_refused_and_shown()
    {
        using var lab = new KeptLab();
        using (LabConsole.WithGroup(4, lab.Connect))
        {
        }

        lab.Edit(world =>
        {
            var broken = world["Gateways"]!.AsArray().Single(g => (string?)g!["Member"] == "1_3")!;
            broken["State"] = "Down";
            broken["Reason"] = "fan failure";
        });
        using var console = LabConsole.Open(lab.Connect);
        var error = console.Run("Resume-GroupMember dmz 1_3").MustFail("MemberStateInvalid", ErrorCategory.InvalidOperation, "1_3");
        Assert.Contains("fan failure", error.ErrorDetails.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void One_that_carries_traffic_is_left_alone()
    {
        using var console = LabConsole.WithGroup(4);
        console.Run("Resume-GroupMember dmz 1_2").MustSucceed();
        Assert.Empty(console.Run("Get-MaestroOperation -Kind ResumeGroupMember").Output);
    }
}

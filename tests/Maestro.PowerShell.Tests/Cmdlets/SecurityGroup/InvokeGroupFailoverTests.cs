using System.Management.Automation;

namespace Maestro.PowerShell.Tests.Cmdlets.SecurityGroup;

public sealed class InvokeGroupFailoverTests
{
    [Fact]
    public void A_site_gives_its_slots_to_the_other_one_and_its_members_come_back_by_hand()
    {
        using var console = LabConsole.WithGroup(3);
        console.Run("(Get-Gateway -Unassigned -Site 2)[0..1] | Add-GroupMember dmz").MustSucceed();
        var outcome = console.Run("Get-SecurityGroup dmz | Invoke-GroupFailover -Site 2 -SkipCheck Capacity").MustSucceed();

        Assert.Equal(("dmz", 3, 5), (outcome.Values("SecurityGroup").Single(), outcome.Output.Single().Properties["ActiveCount"].Value, outcome.Output.Single().Properties["MemberCount"].Value));
        Assert.Contains("gives its slots to site 1", Assert.Single(console.Host.Questions), StringComparison.Ordinal);
        Assert.Equal(["Active", "Active", "Active", "Suspended", "Suspended"], console.Run("Get-GroupMember dmz").Values("State"));
        Assert.Equal(["Succeeded"], console.Run("Get-MaestroOperation -Kind SiteFailover").Values("State"));
        console.Run("Get-GroupMember dmz 2_* | Resume-GroupMember").MustSucceed();
        Assert.All(console.Run("Get-GroupMember dmz").Values("State"), state => Assert.Equal("Active", state));
    }

    [Fact]
    public void A_site_that_has_nobody_to_give_to_keeps_what_it_has()
    {
        using var console = LabConsole.WithGroup(3);
        console.Run("Invoke-GroupFailover dmz -Site 1 -SkipCheck Capacity,LastActive -Force").MustFail("CapacityGuard", ErrorCategory.LimitsExceeded, "dmz");
        Assert.All(console.Run("Get-GroupMember dmz").Values("State"), state => Assert.Equal("Active", state));
    }

    [Fact]
    public void The_orchestrators_of_the_lab_have_no_addresses_to_give()
    {
        using var console = LabConsole.WithGroup(3);
        console.Run("Invoke-GroupFailover dmz -Orchestrator 1_1 -Force").MustFail("FabricCannot", ErrorCategory.NotImplemented, "1_1");
        console.Run("Invoke-GroupFailover dmz -Orchestrator 9_9 -Force").MustFail("OrchestratorNotFound", ErrorCategory.ObjectNotFound, "9_9");
    }
}

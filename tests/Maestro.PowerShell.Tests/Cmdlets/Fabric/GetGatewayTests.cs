using System.Management.Automation;

namespace Maestro.PowerShell.Tests.Cmdlets.Fabric;

public sealed class GetGatewayTests
{
    [Fact]
    public void Gateways_are_filtered_by_pool_site_state_and_group()
    {
        using var console = LabConsole.WithGroup(4);

        Assert.Equal(12, console.Run("Get-Gateway").Output.Count);
        Assert.Equal(8, console.Run("Get-Gateway -Unassigned").Output.Count);
        Assert.Equal(2, console.Run("Get-Gateway -Unassigned -Site 1").Output.Count);
        Assert.Equal(4, console.Run("Get-Gateway -State Assigned").Output.Count);
        Assert.Equal(["1_1", "1_2", "1_3", "1_4"], console.Run("Get-Gateway -SecurityGroup dmz").Values("Member").Order());
        Assert.Equal(4, console.Run("Get-SecurityGroup dmz | Get-Gateway").MustSucceed().Output.Count);
        Assert.Equal(4, console.Run("Get-GroupMember dmz 1_1 | Get-Gateway").MustSucceed().Output.Count);
    }

    [Fact]
    public void Only_an_unknown_literal_is_an_error_and_what_is_filtered_out_is_not()
    {
        using var console = LabConsole.WithGroup(2);
        console.Run("$member = (Get-Gateway -SecurityGroup dmz)[0].Id").MustSucceed();

        Assert.Empty(console.Run("Get-Gateway nope*").MustSucceed().Output);
        Assert.Empty(console.Run("Get-Gateway $member -Unassigned").MustSucceed().Output);
        Assert.Single(console.Run("Get-Gateway $member.ToLower()").MustSucceed().Output);
        console.Run("Get-Gateway nope").MustFail("GatewayNotFound", ErrorCategory.ObjectNotFound, "nope");
        console.Run("Get-Gateway -SecurityGroup nope").MustFail("GroupNotFound", ErrorCategory.ObjectNotFound, "nope");
    }

    [Fact]
    public void A_reader_that_has_enough_ends_it_quietly()
    {
        using var console = LabConsole.Open();
        Assert.Single(console.Run("Get-Gateway | Select-First").MustSucceed().Output);
    }

    [Fact]
    public void Without_a_session_the_call_ends_with_what_to_do()
    {
        using var console = LabConsole.Open("");
        var error = console.MustEnd("Get-Gateway").MustFail("NotConnected", ErrorCategory.ConnectionError, "session");
        Assert.Contains("Connect-Maestro", error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
    }
}

using System.Management.Automation;

namespace Maestro.PowerShell.Tests.Cmdlets.Distribution;

public sealed class GroupDistributionTests
{
    [Fact]
    public void A_line_a_member_shows_slots_share_and_weight()
    {
        using var console = LabConsole.WithGroup(3);
        console.Run("Set-GroupMember dmz 1_1, 1_2, 1_3 -Weight 100").MustSucceed();

        var outcome = console.Run("Get-SecurityGroup | Get-GroupDistribution").MustSucceed();

        Assert.Equal(["1_1", "1_2", "1_3"], outcome.Values("Member"));
        Assert.Equal(["170", "171", "171"], outcome.Values("Slots").Order());
        Assert.All(outcome.Output, line => Assert.Equal(("dmz", "512", "100", "General"), (line.Text("SecurityGroup"), line.Text("SlotCount"), line.Text("Weight"), line.Text("Mode"))));
    }

    [Fact]
    public void A_suspended_member_carries_nothing()
    {
        using var console = LabConsole.WithGroup(3);
        console.Run("Suspend-GroupMember dmz 1_2 -SkipCheck Capacity").MustSucceed();

        Assert.Equal(["0"], console.Run("Get-GroupDistribution dmz | Where-Object Member -eq 1_2").MustSucceed().Values("Slots"));
    }

    [Fact]
    public void Mode_layer_4_and_slots_are_changed_in_one_operation_and_the_second_run_does_nothing()
    {
        using var console = LabConsole.WithGroup(3);

        var outcome = console.Run("Set-GroupDistribution dmz -Mode AutoTopology -Layer4 $false -SlotCount 1024 -PassThru").MustSucceed();

        Assert.Equal(["AutoTopology", "AutoTopology", "AutoTopology"], outcome.Values("Mode"));
        Assert.Equal(["1024", "1024", "1024"], outcome.Values("SlotCount"));
        Assert.Equal(["Auto"], console.Run("Get-SecurityGroup dmz").Values("Distribution"));
        console.Run("Get-SecurityGroup dmz | Set-GroupDistribution -Mode AutoTopology").MustSucceed();
        Assert.Single(console.Run("Get-MaestroOperation -Kind SetGroupDistribution").Output);
    }

    [Fact]
    public void A_mode_that_separates_the_directions_warns()
    {
        using var console = LabConsole.WithGroup(3);
        Assert.Contains(console.Run("Set-GroupDistribution dmz -Mode User").MustSucceed().Warnings, w => w.Contains("two members", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" -SlotCount 500")]
    public void Nothing_to_change_and_no_power_of_two_are_refused(string what)
    {
        using var console = LabConsole.WithGroup(2);
        console.Run("Set-GroupDistribution dmz" + what).MustFail("ParameterInvalid", ErrorCategory.InvalidArgument, what.Length == 0 ? "Set-GroupDistribution" : "dmz");
    }

    [Fact]
    public void A_flow_and_its_answers_are_resolved_to_one_member()
    {
        using var console = LabConsole.WithGroup(3);
        var there = console.Run("Resolve-GroupFlow dmz -Source 10.1.2.3 -Destination 192.0.2.80 -SourcePort 40000 -DestinationPort 443").MustSucceed();
        var back = console.Run("Resolve-GroupFlow dmz -Source 192.0.2.80 -Destination 10.1.2.3 -SourcePort 443 -DestinationPort 40000 -Side Outside").MustSucceed();

        Assert.Equal(there.Values("Member"), back.Values("Member"));
        Assert.Equal(there.Values("Slot"), back.Values("Slot"));
    }

    [Fact]
    public void A_port_that_decides_must_be_given()
    {
        using var console = LabConsole.WithGroup(2);
        console.Run("Resolve-GroupFlow dmz -Source 10.1.2.3 -Destination 192.0.2.80").MustFail("ParameterInvalid", ErrorCategory.InvalidArgument, "dmz");
        console.Run("Resolve-GroupFlow dmz -Source 10.1.2.3 -Destination 192.0.2.80 -Protocol Icmp").MustSucceed();
    }

    [Fact]
    public void A_group_that_is_not_there_is_an_error()
    {
        using var console = LabConsole.Open();
        console.Run("Get-GroupDistribution nobody").MustFail("GroupNotFound", ErrorCategory.ObjectNotFound, "nobody");
        console.Run("Set-GroupDistribution nobody -Mode General").MustFail("GroupNotFound", ErrorCategory.ObjectNotFound, "nobody");
        console.Run("Resolve-GroupFlow nobody -Source 10.1.2.3 -Destination 192.0.2.80 -Protocol Icmp").MustFail("GroupNotFound", ErrorCategory.ObjectNotFound, "nobody");
    }
}

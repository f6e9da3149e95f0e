using System.Management.Automation;

namespace Maestro.PowerShell.Tests.Cmdlets.SecurityGroup;

public sealed class NewSecurityGroupTests
{
    [Fact]
    public void A_group_and_its_piped_gateways_are_one_operation_and_one_apply_and_the_group_is_written_when_it_is_up()
    {
        using var console = LabConsole.Open();
        var group = Assert.Single(console.Run("Get-Gateway -Site 1 | New-SecurityGroup dmz -Description 'web servers'").MustSucceed().Output);

        Assert.Equal(["dmz", "Ready", "6", "6", "1_1", "web servers", "lab"], new[] { "Name", "State", "ActiveCount", "MemberCount", "SmoMaster", "Description", "Session" }.Select(group.Text));
        var operation = Assert.Single(console.Run("Get-MaestroOperation").Output);
        Assert.Single(operation.List("Step"), step => step.Text("Kind") == "topology.apply");
    }

    [Fact]
    public void A_group_may_begin_empty()
    {
        using var console = LabConsole.Open();
        Assert.Equal(["Empty"], console.Run("New-SecurityGroup dmz").MustSucceed().Values("State"));
    }

    [Fact]
    public void With_stage_it_stops_at_pending()
    {
        using var console = LabConsole.Open();
        Assert.Equal(["Pending"], console.Run("(Get-Gateway)[0] | New-SecurityGroup dmz -Stage").MustSucceed().Values("State"));
        Assert.Empty(console.Run("Get-SecurityGroup").Output);
        Assert.Equal(["dmz"], console.Run("Get-SecurityGroup -Pending").Values("Name"));
    }

    [Fact]
    public void What_cannot_be_is_refused_and_nothing_is_sent()
    {
        using var console = LabConsole.WithGroup(2);
        console.Run("New-SecurityGroup DMZ").MustFail("GroupExists", ErrorCategory.ResourceExists, "DMZ");
        console.Run("New-SecurityGroup 42").MustFail("GroupNameInvalid", ErrorCategory.InvalidArgument, "42");
        console.Run("New-SecurityGroup edge nope").MustFail("GatewayNotFound", ErrorCategory.ObjectNotFound, "nope");
        console.Run("New-SecurityGroup edge -Port eth9-99").MustFail("PortNotFound", ErrorCategory.ObjectNotFound, "eth9-99");
        var taken = console.Run("$id = (Get-Gateway -SecurityGroup dmz)[0].Id; $id").Output[0].ToString()!;
        console.Run("New-SecurityGroup edge $id").MustFail("GatewayInUse", ErrorCategory.ResourceExists, taken);

        Assert.Single(console.Run("Get-MaestroOperation").Output);
        Assert.Single(console.Run("Get-SecurityGroup").Output);
    }

    [Fact]
    public void Without_waiting_the_operation_is_written_and_can_be_waited_for()
    {
        using var console = LabConsole.Open();
        var operation = Assert.Single(console.Run("$operation = Get-Gateway -Site 1 | New-SecurityGroup dmz -NoWait; $operation").MustSucceed().Output);

        Assert.Equal("NewSecurityGroup", operation.Text("Kind"));
        Assert.Equal(["Succeeded"], console.Run("$operation | Wait-MaestroOperation").MustSucceed().Values("State"));
        Assert.Equal(["Ready"], console.Run("Get-SecurityGroup dmz").Values("State"));
    }
}

using System.Management.Automation;

namespace Maestro.PowerShell.Tests.Cmdlets.SecurityGroup;

public sealed class SetSecurityGroupTests
{
    [Fact]
    public void Properties_are_changed_and_read_again()
    {
        using var console = LabConsole.WithGroup(2);
        Assert.Empty(console.Run("Get-SecurityGroup dmz | Set-SecurityGroup -Description web -Spare 0").MustSucceed().Output);

        var outcome = console.Run("Set-SecurityGroup dmz -CapacityCeiling 80 -ManagementAddress 198.51.100.40/24 -PassThru").MustSucceed();
        Assert.Equal(["web", "0", "80", "198.51.100.40/24"], new[] { "Description", "Spare", "CapacityCeiling", "ManagementAddress" }.Select(outcome.Output[0].Text));
    }

    [Fact]
    public void Ports_are_added_and_given_back()
    {
        using var console = LabConsole.Open(LabConsole.Lab + "; (Get-Gateway -Unassigned -Site 1)[0..1] | New-SecurityGroup dmz -Port eth1-05");
        console.Run("Set-SecurityGroup dmz -AddPort eth1-06 -RemovePort eth1-05").MustSucceed();

        Assert.Equal(["1/6/1"], console.Run("(Get-SecurityGroup dmz).Port").Output.Select(p => p.ToString()));
        console.Run("New-SecurityGroup edge").MustSucceed();
        console.Run("Set-SecurityGroup edge -AddPort eth1-06").MustFail("PortInUse", ErrorCategory.ResourceExists, "eth1-06");
    }

    [Fact]
    public void Two_groups_are_two_operations_and_an_unknown_one_is_its_own_error()
    {
        using var console = LabConsole.Open(LabConsole.Lab + "; New-SecurityGroup dmz; New-SecurityGroup edge");
        var outcome = console.Run("'dmz', 'nope', 'edge' | Set-SecurityGroup -Description web -PassThru");

        outcome.MustFail("GroupNotFound", ErrorCategory.ObjectNotFound, "nope");
        Assert.Equal(["web", "web"], outcome.Values("Description"));
        Assert.Equal(2, console.Run("Get-MaestroOperation -Kind SetSecurityGroup").Output.Count);
    }

    [Fact]
    public void Nothing_to_set_is_refused()
    {
        using var console = LabConsole.WithGroup(2);
        console.Run("Set-SecurityGroup dmz -PassThru").MustFail("ParameterInvalid", ErrorCategory.InvalidArgument, "Set-SecurityGroup");
    }
}

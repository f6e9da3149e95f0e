using System.Management.Automation;

namespace Maestro.PowerShell.Tests.Cmdlets.SecurityGroup;

public sealed class GetSecurityGroupTests
{
    [Fact]
    public void Groups_are_found_by_name_wildcard_and_id()
    {
        using var console = LabConsole.Open(LabConsole.Lab + "; New-SecurityGroup dmz; New-SecurityGroup edge");

        Assert.Equal(["dmz", "edge"], console.Run("Get-SecurityGroup").Values("Name"));
        Assert.Equal(["edge"], console.Run("Get-SecurityGroup E*").Values("Name"));
        Assert.Equal(["dmz", "edge"], console.Run("Get-SecurityGroup dmz, edge").Values("Name"));
        Assert.Equal(["edge"], console.Run("Get-SecurityGroup -Name edge").Values("Name"));
        Assert.Equal(["dmz"], console.Run("Get-SecurityGroup 1").Values("Name"));
        Assert.Empty(console.Run("Get-SecurityGroup ?").Output);
        Assert.Equal(["edge"], console.Run("2 | Get-SecurityGroup").Values("Name"));
    }

    [Fact]
    public void Only_an_unknown_literal_is_an_error_and_the_others_are_written()
    {
        using var console = LabConsole.Open(LabConsole.Lab + "; New-SecurityGroup dmz");
        Assert.Empty(console.Run("Get-SecurityGroup x*").MustSucceed().Output);

        var outcome = console.Run("Get-SecurityGroup nope, dmz");
        outcome.MustFail("GroupNotFound", ErrorCategory.ObjectNotFound, "nope");
        Assert.Equal(["dmz"], outcome.Values("Name"));
    }

    [Fact]
    public void Any_object_about_a_group_stands_for_it()
    {
        using var console = LabConsole.WithGroup(2);

        Assert.Equal(["dmz", "dmz"], console.Run("Get-GroupMember dmz | Get-SecurityGroup").MustSucceed().Values("Name"));
        Assert.Equal(["dmz"], console.Run("[pscustomobject]@{ SecurityGroup = 'dmz' } | Get-SecurityGroup").MustSucceed().Values("Name"));
        console.Run("(Get-Gateway -Unassigned)[0] | Get-SecurityGroup").MustFail("GroupNotFound", ErrorCategory.ObjectNotFound, "Security Group");
    }
}

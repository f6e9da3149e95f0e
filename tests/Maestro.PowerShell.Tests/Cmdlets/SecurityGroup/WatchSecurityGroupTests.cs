using System.Management.Automation;

namespace Maestro.PowerShell.Tests.Cmdlets.SecurityGroup;

public sealed class WatchSecurityGroupTests
{
    [Fact]
    public void It_begins_with_what_the_first_look_saw_and_stops_with_the_pipeline()
    {
        using var console = LabConsole.WithGroup(3);

        var began = console.Run("Get-SecurityGroup | Watch-SecurityGroup | Select-First").MustSucceed().Output.Single();

        Assert.Equal(("WatchBegan", "dmz", "Information", "3 of 3 members active"), (began.Text("Kind"), began.Text("SecurityGroup"), began.Text("Severity"), began.Text("Text")));
        // And the session goes on.
        console.Run("Get-GroupMember dmz").MustSucceed();
    }

    [Fact]
    public void Who_is_out_is_named_and_makes_it_a_warning()
    {
        using var console = LabConsole.WithGroup(3);
        console.Run("Suspend-GroupMember dmz 1_3 -SkipCheck Capacity -Message 'disk swap'").MustSucceed();

        var began = console.Run("Watch-SecurityGroup dmz | Select-First").MustSucceed().Output.Single();

        Assert.Equal("Warning", began.Text("Severity"));
        Assert.StartsWith("2 of 3 members active; 1_3 Suspended", began.Text("Text"));
    }

    [Fact]
    public void In_a_lab_there_is_nothing_to_fail_over()
    {
        using var console = LabConsole.WithGroup(2);
        console.Run("Watch-SecurityGroup dmz -AutoFailover").MustFail("FabricCannot", ErrorCategory.NotImplemented, "lab (seed 1)");
    }

    [Fact]
    public void An_unknown_group_is_an_error()
    {
        using var console = LabConsole.WithGroup(2);
        console.Run("Watch-SecurityGroup nosuch").MustFail("GroupNotFound", ErrorCategory.ObjectNotFound, "nosuch");
    }
}

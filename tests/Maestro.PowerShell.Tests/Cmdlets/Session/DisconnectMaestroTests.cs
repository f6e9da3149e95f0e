using System.Management.Automation;

namespace Maestro.PowerShell.Tests.Cmdlets.Session;

public sealed class DisconnectMaestroTests
{
    [Fact]
    public void The_default_session_is_closed_and_the_one_before_becomes_default()
    {
        using var console = LabConsole.Open("Connect-Maestro -Lab -Name one; Connect-Maestro -Lab -Name two");
        console.Run("Disconnect-Maestro").MustSucceed();

        var left = Assert.Single(console.Run("Get-MaestroSession").Output);
        Assert.Equal(["one", "True"], new[] { "Name", "IsDefault" }.Select(left.Text));
    }

    [Fact]
    public void Sessions_are_closed_by_name_and_by_object_and_an_unknown_one_is_its_own_error()
    {
        using var console = LabConsole.Open("Connect-Maestro -Lab -Name one; Connect-Maestro -Lab -Name two");
        console.Run("Disconnect-Maestro nobody, one").MustFail("SessionNotFound", ErrorCategory.ObjectNotFound, "nobody");
        Assert.Equal(["two"], console.Run("Get-MaestroSession").Values("Name"));

        console.Run("Get-MaestroSession two | Disconnect-Maestro").MustSucceed();
        Assert.Empty(console.Run("Get-MaestroSession").Output);
        console.Run("Disconnect-Maestro").MustFail("NotConnected", ErrorCategory.ConnectionError, "session");
    }

    [Fact]
    public void Running_work_comes_to_rest_and_is_named_with_how_to_go_on()
    {
        using var lab = new KeptLab();
        using (LabConsole.WithGroup(2, lab.Connect))
        {
        }

        using var console = LabConsole.Open(lab.ConnectPaced(20));
        console.Run("$operation = Get-Gateway -Unassigned | Add-GroupMember dmz -NoWait").MustSucceed();
        var closed = console.Run("Disconnect-Maestro").MustSucceed();

        var id = console.Run("$operation.Id").Output[0].ToString();
        Assert.Contains($"Resume-MaestroOperation {id}", Assert.Single(closed.Warnings), StringComparison.Ordinal);
        console.Run(lab.Connect).MustSucceed();
        Assert.Equal(["Paused"], console.Run("Get-MaestroOperation $operation.Id").Values("State"));
        Assert.Equal(["Succeeded"], console.Run("Resume-MaestroOperation $operation.Id").MustSucceed().Values("State"));
        Assert.Equal(12, console.Run("Get-GroupMember dmz -State Active").Output.Count);
    }

    [Fact]
    public void Removing_the_module_brings_running_work_to_rest_too()
    {
        using var lab = new KeptLab();
        using (LabConsole.WithGroup(2, lab.Connect))
        {
        }

        using var console = LabConsole.Open(lab.ConnectPaced(20));
        console.Run("Get-Gateway -Unassigned | Add-GroupMember dmz -NoWait; Remove-Module Maestro").MustSucceed();
        Assert.Contains("is Paused", console.Host.Shown, StringComparison.Ordinal);
    }

    [Fact]
    public void A_runspace_that_closes_brings_running_work_to_rest_too()
    {
        using var lab = new KeptLab();
        using (LabConsole.WithGroup(2, lab.Connect))
        {
        }

        var host = new ScriptedHost();
        using (var console = LabConsole.Open(lab.ConnectPaced(20), host)) console.Run("Get-Gateway -Unassigned | Add-GroupMember dmz -NoWait").MustSucceed();
        Assert.Contains("is Paused", host.Shown, StringComparison.Ordinal);
        using var after = LabConsole.Open(lab.Connect);
        Assert.Equal("Paused", after.Run("Get-MaestroOperation -Newest 1").Values("State")[0]);
    }
}

using System.Management.Automation;

namespace Maestro.PowerShell.Tests.Cmdlets.Session;

public sealed class ConnectMaestroTests
{
    [Fact]
    public void A_lab_becomes_the_default_session_and_is_written()
    {
        using var console = LabConsole.Open("");
        var session = Assert.Single(console.Run("Connect-Maestro -Lab").MustSucceed().Output);

        Assert.Equal(["lab", "Lab", "lab (seed 1)", "True", "False"], new[] { "Name", "Fabric", "Endpoint", "IsDefault", "ReadOnly" }.Select(session.Text));
        Assert.Equal(["lab"], console.Run("Get-MaestroSession").Values("Name"));
    }

    [Fact]
    public void A_second_session_takes_over_as_default()
    {
        using var console = LabConsole.Open();
        console.Run("Connect-Maestro -Lab -Name other -Seed 2").MustSucceed();

        Assert.Equal(["False", "True"], console.Run("Get-MaestroSession").Values("IsDefault"));
        Assert.Equal(["other"], console.Run("(Get-Gateway)[0].Session").Output.Select(o => o.ToString()));
    }

    [Fact]
    public void The_same_name_again_reconnects()
    {
        using var console = LabConsole.WithGroup();
        console.Run("Connect-Maestro -Lab -Name LAB").MustSucceed();

        Assert.Equal(["LAB"], console.Run("Get-MaestroSession").Values("Name"));
        Assert.Empty(console.Run("Get-SecurityGroup").Output);
    }

    [Fact]
    public void One_seed_is_one_lab()
    {
        using var console = LabConsole.Open("Connect-Maestro -Lab -Name one -Seed 7; Connect-Maestro -Lab -Name same -Seed 7; Connect-Maestro -Lab -Name other -Seed 8");
        IReadOnlyList<string> Ids(string session) => console.Run($"Get-Gateway -Session {session}").MustSucceed().Values("Id");

        Assert.Equal(12, Ids("one").Count);
        Assert.Equal(Ids("one"), Ids("same"));
        Assert.NotEqual(Ids("one"), Ids("other"));
    }

    [Fact]
    public void A_kept_world_and_its_journal_are_there_again()
    {
        using var lab = new KeptLab();
        using (LabConsole.WithGroup(2, lab.Connect))
        {
        }

        using var console = LabConsole.Open(lab.Connect);
        Assert.Equal(["dmz"], console.Run("Get-SecurityGroup").Values("Name"));
        Assert.Equal(["NewSecurityGroup"], console.Run("Get-MaestroOperation").Values("Kind"));
    }

    [Fact]
    public void A_world_that_is_open_already_is_refused_and_leaves_no_session()
    {
        using var lab = new KeptLab();
        using var console = LabConsole.Open(lab.Connect);
        console.MustEnd($"{lab.Connect} -Name second").MustFail("LabBusy", ErrorCategory.ResourceBusy, lab.Folder);
        Assert.Equal(["lab"], console.Run("Get-MaestroSession").Values("Name"));
    }

    [Fact]
    public void An_inventory_with_a_fault_is_refused()
    {
        using var file = new PolicyFile("""{ "version": 1, "name": "fra", "gatewayz": [] }""");
        using var console = LabConsole.Open("");
        var outcome = console.Run("Connect-Maestro $args[0]", file.Path);

        var error = outcome.MustFail("InventoryInvalid", ErrorCategory.InvalidData, file.Path);
        Assert.Contains("gatewayz", error.ErrorDetails.Message, StringComparison.Ordinal);
        Assert.Empty(console.Run("Get-MaestroSession").Output);
    }

    [Fact]
    public void A_key_from_an_empty_variable_is_refused()
    {
        using var file = new PolicyFile("""{ "version": 1, "name": "fra", "gateways": [ { "id": "fw-a1", "address": "192.0.2.11" } ] }""");
        using var console = LabConsole.Open("");

        console.Run("Connect-Maestro $args[0] -KeyPath env:MAESTRO_NO_SUCH_KEY", file.Path).MustFail("ParameterInvalid", ErrorCategory.InvalidArgument, "env:MAESTRO_NO_SUCH_KEY");
    }

    [Fact]
    public void A_read_only_session_refuses_every_change_but_shows_what_it_would_be()
    {
        using var lab = new KeptLab();
        using (LabConsole.WithGroup(4, lab.Connect))
        {
        }

        using var console = LabConsole.Open(lab.Connect + " -ReadOnly");
        console.MustEnd("'1_1','1_2' | Suspend-GroupMember dmz").MustFail("SessionReadOnly", ErrorCategory.PermissionDenied, "lab");

        console.Run("Suspend-GroupMember dmz 1_2 -WhatIf").MustSucceed();
        Assert.Contains("drained", console.Host.Shown, StringComparison.Ordinal);
        Assert.All(console.Run("Get-GroupMember dmz").Values("State"), state => Assert.Equal("Active", state));
    }

    [Fact]
    public void An_object_goes_back_to_its_session_and_another_one_is_refused()
    {
        using var console = LabConsole.WithGroup(3);
        console.Run("Connect-Maestro -Lab -Name other -Seed 2").MustSucceed();

        console.Run("$member = Get-GroupMember dmz 1_2 -Session lab; $member | Suspend-GroupMember -Session lab -SkipCheck Capacity").MustSucceed();
        Assert.Equal(["Suspended"], console.Run("$member | Get-GroupMember").MustSucceed().Values("State"));
        console.Run("$member | Resume-GroupMember").MustSucceed();

        console.Run("$member | Suspend-GroupMember -Session other").MustFail("SessionMismatch", ErrorCategory.InvalidArgument, "1_2");
        console.Run("Get-SecurityGroup dmz -Session lab | Get-GroupMember -Session other").MustFail("SessionMismatch", ErrorCategory.InvalidArgument, "dmz");
        console.Run("Get-Gateway -Session nowhere").MustFail("SessionNotFound", ErrorCategory.ObjectNotFound, "nowhere");
    }
}

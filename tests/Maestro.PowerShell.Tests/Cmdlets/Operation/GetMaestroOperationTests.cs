using System.Management.Automation;

namespace Maestro.PowerShell.Tests.Cmdlets.Operation;

public sealed class GetMaestroOperationTests
{
    [Fact]
    public void The_journal_is_read_newest_first_and_filtered()
    {
        using var console = LabConsole.WithGroup(4);
        console.Run("Suspend-GroupMember dmz 1_2; Resume-GroupMember dmz 1_2; New-SecurityGroup edge").MustSucceed();

        Assert.Equal(["NewSecurityGroup", "ResumeGroupMember", "SuspendGroupMember", "NewSecurityGroup"], console.Run("Get-MaestroOperation").Values("Kind"));
        Assert.Equal(["NewSecurityGroup"], console.Run("Get-MaestroOperation -Newest 1").Values("Kind"));
        Assert.Equal(["edge"], console.Run("Get-MaestroOperation -SecurityGroup edge").Values("SecurityGroup"));
        Assert.Equal(3, console.Run("Get-SecurityGroup dmz | Get-MaestroOperation").MustSucceed().Output.Count);
        Assert.Single(console.Run("Get-MaestroOperation -Kind SuspendGroupMember -State Succeeded").Output);
        Assert.Empty(console.Run("Get-MaestroOperation -State Failed, Paused").MustSucceed().Output);
    }

    [Fact]
    public void One_is_found_by_its_id_by_a_unique_beginning_and_by_an_object()
    {
        using var console = LabConsole.WithGroup(2);
        var id = console.Run("$operation = Get-MaestroOperation; $operation.Id").Output[0].ToString()!;

        Assert.Equal([id], console.Run("Get-MaestroOperation $operation.Id").Values("Id"));
        Assert.Equal([id], console.Run("Get-MaestroOperation $operation.Id.Substring(0, 5)").Values("Id"));
        Assert.Equal([id], console.Run("$operation | Get-MaestroOperation").MustSucceed().Values("Id"));

        var outcome = console.Run("Get-MaestroOperation zzzz-zzzz, $operation.Id");
        outcome.MustFail("OperationNotFound", ErrorCategory.ObjectNotFound, "zzzz-zzzz");
        Assert.Equal([id], outcome.Values("Id"));
    }

    [Fact]
    public void After_counts_back_by_the_sessions_own_clock()
    {
        using var console = LabConsole.WithGroup(4);
        console.Run("Restart-GroupMember dmz 1_2 -Force; Suspend-GroupMember dmz 1_3").MustSucceed();

        // The lab's clock stands in 2026-01-01; the last drain took seconds of it, the restart before it minutes.
        Assert.Equal(["SuspendGroupMember"], console.Run("Get-MaestroOperation -After 1m").Values("Kind"));
        Assert.Equal(3, console.Run("Get-MaestroOperation -After 1d").Output.Count);
        Assert.Equal(3, console.Run("Get-MaestroOperation -After 2025-12-31").Output.Count);
        Assert.Empty(console.Run("Get-MaestroOperation -After 2027-01-01").Output);
    }
}

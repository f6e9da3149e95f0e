using System.Management.Automation;

namespace Maestro.PowerShell.Tests.Cmdlets.PendingChange;

public sealed class PublishPendingChangeTests
{
    [Fact]
    public void All_that_is_pending_is_applied_at_once_and_waited_for()
    {
        using var console = LabConsole.Open(LabConsole.Lab + "; Get-Gateway -Site 1 | New-SecurityGroup dmz -Stage; New-SecurityGroup edge -Stage");
        var outcome = console.Run("Publish-PendingChange -PassThru").MustSucceed();

        Assert.Equal(["Ready", "Empty"], outcome.Values("State"));
        Assert.Empty(console.Host.Questions);
        Assert.Empty(console.Run("Get-PendingChange").Output);
    }

    [Fact]
    public void Nothing_pending_is_no_operation()
    {
        using var console = LabConsole.Open();
        Assert.Contains("Nothing is pending.", console.Run("Publish-PendingChange -Verbose").MustSucceed().Verbose);
        Assert.Empty(console.Run("Get-MaestroOperation").Output);
    }

    [Fact]
    public void Somebody_elses_changes_are_refused_and_with_the_switch_asked_for()
    {
        using var lab = new KeptLab();
        var id = "";
        using (var first = LabConsole.WithGroup(2, lab.Connect)) id = first.Run("(Get-Gateway -Unassigned)[0].Id").Output[0].ToString()!;
        lab.StageAsBob("", id);
        using var console = LabConsole.Open(lab.Connect);

        console.Run("Publish-PendingChange").MustFail("ForeignChange", ErrorCategory.ResourceBusy, $"gateway {id}");
        console.Host.Answer = _ => 1;
        console.Run("Publish-PendingChange -IncludeForeign").MustSucceed();
        Assert.Contains("somebody else", Assert.Single(console.Host.Questions), StringComparison.Ordinal);
        Assert.Single(console.Run("Get-PendingChange").Output);

        console.Host.Answer = _ => 0;
        console.Run("Publish-PendingChange -IncludeForeign").MustSucceed();
        Assert.Equal(["bob was here"], console.Run("Get-Gateway $args[0]", id).Values("Description"));
    }
}

using System.Diagnostics;
using System.Management.Automation;

namespace Maestro.PowerShell.Tests.Cmdlets.Running;

/// <summary>What a run says while it runs.</summary>
public sealed class FeedTests
{
    [Fact]
    public void Every_decision_is_one_verbose_line_with_its_reason()
    {
        using var console = LabConsole.WithGroup(4);
        var outcome = console.Run("Suspend-GroupMember dmz 1_2 -Verbose").MustSucceed();

        Assert.Equal(
            ["group 'dmz': 4 active - 1 leaving - 1 spare = 2 to carry the load", "member 1_2: is drained and taken out of the distribution"],
            outcome.Verbose.Where(v => !v.StartsWith("Performing", StringComparison.Ordinal)).Select(v => v.Split(" at ")[0].Split(", load")[0]));
    }

    [Fact]
    public void Milestones_are_information_and_steps_are_debug()
    {
        using var console = LabConsole.WithGroup(4);
        var outcome = console.Run("Suspend-GroupMember dmz 1_2 -Debug").MustSucceed();

        Assert.StartsWith("SuspendGroupMember ", outcome.Information[0], StringComparison.Ordinal);
        Assert.Contains("Succeeded", outcome.Information[^1], StringComparison.Ordinal);
        Assert.Contains(outcome.Debug, line => line.Contains("suspend/dmz/1_2", StringComparison.Ordinal));
    }

    [Fact]
    public void One_activity_and_a_child_for_each_member_all_completed_and_at_most_five_updates_a_second()
    {
        using var lab = new KeptLab();
        using (LabConsole.WithGroup(2, lab.Connect))
        {
        }

        using var console = LabConsole.Open(lab.ConnectPaced(400));
        var clock = Stopwatch.StartNew();
        var progress = console.Run("$null = Get-Gateway -Unassigned | Add-GroupMember dmz").MustSucceed().Progress;
        var seconds = clock.Elapsed.TotalSeconds;

        var activity = Assert.Single(progress.Where(p => p.ParentActivityId < 0).GroupBy(p => p.ActivityId));
        Assert.All(progress.Where(p => p.ParentActivityId >= 0), p => Assert.Equal(activity.Key, p.ParentActivityId));
        Assert.InRange(activity.Count(p => p.RecordType == ProgressRecordType.Processing), 2, (5 * seconds) + 1);
        Assert.Contains(progress, p => p.StatusDescription.StartsWith("waits since", StringComparison.Ordinal));
        Assert.All(progress.GroupBy(p => p.ActivityId), one => Assert.Equal(ProgressRecordType.Completed, one.Last().RecordType));
    }

    [Fact]
    public async Task A_stopped_run_completes_its_progress_too()
    {
        using var lab = new KeptLab();
        using (LabConsole.WithGroup(2, lab.Connect))
        {
        }

        using var console = LabConsole.Open(lab.ConnectPaced(60));
        using var script = console.Start("$null = Get-Gateway -Unassigned | Add-GroupMember dmz");
        await script.ShowsAsync("waits since");
        await script.StopAsync();

        Assert.All(console.Host.Progress.GroupBy(p => (p.Source, p.Record.ActivityId)), one => Assert.Equal(ProgressRecordType.Completed, one.Last().Type));
    }
}

using System.Management.Automation;

namespace Maestro.PowerShell.Tests.Cmdlets.Running;

/// <summary>However a cmdlet is cut short, the engine comes to rest: the journal closed, the lease released, and the last word says how to go on.</summary>
public sealed class StoppingTests
{
    // 60 virtual seconds a second: a joiner's boot of 3 to 6 minutes leaves seconds to come in between.
    private const int Pace = 60;
    private const string AddAll = "$null = Get-Gateway -Unassigned | Add-GroupMember dmz";

    [Fact]
    public async Task Ctrl_C_brings_the_run_to_rest_and_says_where_things_stand()
    {
        using var lab = Prepared();
        using var console = LabConsole.Open(lab.ConnectPaced(Pace));
        using var script = console.Start(AddAll);
        await script.ShowsAsync("waits since");
        var outcome = await script.StopAsync();

        Assert.Equal(PSInvocationState.Stopped, outcome.State);
        AssertAtRest(console, lab);
    }

    [Fact]
    public void WarningAction_Stop_brings_the_run_to_rest()
    {
        using var lab = Prepared("New-SecurityGroup edge -Stage");
        using var console = LabConsole.Open(lab.ConnectPaced(Pace));
        var outcome = console.Run(AddAll + " -WarningAction Stop");

        Assert.NotNull(outcome.Ended);
        AssertAtRest(console, lab);
    }

    [Fact]
    public void ErrorAction_Stop_on_a_bad_item_sends_nothing_for_the_good_ones()
    {
        using var lab = Prepared();
        using var console = LabConsole.Open(lab.Connect);
        var before = lab.Fingerprint();
        var outcome = console.Run("(Get-Gateway -Unassigned)[0].Id, 'nope' | Add-GroupMember dmz -ErrorAction Stop");

        Assert.NotNull(outcome.Ended);
        Assert.Equal(["Maestro.GatewayNotFound"], outcome.ErrorIds);
        Assert.Equal(before, lab.Fingerprint());
    }

    [Fact]
    public void ErrorAction_Stop_on_a_run_that_fails_leaves_it_at_rest()
    {
        using var console = LabConsole.WithGroup(4);
        var outcome = console.Run("Suspend-GroupMember dmz 1_2 -Drain Wait -DrainTimeout 5 -ErrorAction Stop");

        Assert.NotNull(outcome.Ended);
        Assert.Equal(["RolledBack"], console.Run("Get-MaestroOperation -Newest 1").Values("State"));
        console.Run("Suspend-GroupMember dmz 1_2").MustSucceed();
    }

    [Fact]
    public void An_error_upstream_means_that_nothing_was_sent()
    {
        using var lab = Prepared();
        using var console = LabConsole.Open(lab.Connect);
        var before = lab.Fingerprint();
        Assert.NotNull(console.Run("Get-Gateway -Unassigned | ForEach-Object { $_; throw 'upstream' } | Add-GroupMember dmz").Ended);
        Assert.Equal(before, lab.Fingerprint());
    }

    [Fact]
    public void A_reader_that_has_enough_never_cuts_a_run()
    {
        using var console = LabConsole.WithGroup(6);
        var outcome = console.Run("Get-GroupMember dmz | Restart-GroupMember -Force -PassThru | Select-First").MustSucceed();

        Assert.Single(outcome.Output);
        Assert.Equal(["Succeeded"], console.Run("Get-MaestroOperation -Newest 1").Values("State"));
        Assert.Equal(6, console.Run("Get-GroupMember dmz -State Active").Output.Count);
    }

    [Fact]
    public void A_reader_that_has_enough_of_the_first_group_leaves_the_next_one_untouched()
    {
        using var policy = new PolicyFile();
        using var console = LabConsole.WithGroup(2);
        console.Run("(Get-Gateway -Unassigned)[0..1] | New-SecurityGroup edge").MustSucceed();
        var outcome = console.Run("'dmz', 'edge' | Sync-Policy -Path $args[0] | Select-First", policy.Path).MustSucceed();

        Assert.Equal(["Confirmed"], outcome.Values("Outcome"));
        Assert.Equal(["1", ""], console.Run("Get-SecurityGroup").Values("PolicyVersion"));
    }

    [Fact]
    public void A_closed_prompt_sends_nothing()
    {
        using var lab = Prepared();
        using var console = LabConsole.Open(lab.Connect);
        console.Host.Answer = _ => throw new IOException("the terminal is gone");
        var before = lab.Fingerprint();
        Assert.NotEmpty(console.Run("Remove-SecurityGroup dmz").Errors);
        Assert.Equal(before, lab.Fingerprint());
    }

    [Fact]
    public async Task Ctrl_C_ends_a_wait_and_leaves_the_operation_alone()
    {
        using var lab = Prepared();
        using var console = LabConsole.Open(lab.ConnectPaced(Pace));
        console.Run("$operation = Get-Gateway -Unassigned | Add-GroupMember dmz -NoWait").MustSucceed();
        using var script = console.Start("Wait-MaestroOperation $operation");
        await script.ShowsAsync("Waiting for");
        await script.StopAsync();

        Assert.Equal(["Running"], console.Run("Get-MaestroOperation $operation.Id").Values("State"));
    }

    private static KeptLab Prepared(string further = "")
    {
        var lab = new KeptLab();
        using var console = LabConsole.WithGroup(2, lab.Connect);
        console.Run(further).MustSucceed();
        return lab;
    }

    private static void AssertAtRest(LabConsole console, KeptLab lab)
    {
        var operation = Assert.Single(console.Run("Get-MaestroOperation -Kind AddGroupMember").Output);
        Assert.Equal("Paused", operation.Text("State"));
        Assert.DoesNotContain("Running", operation.List("Step").Select(s => s.Text("Outcome")));
        Assert.Contains(console.Host.Lines, line => line.Contains($"Resume-MaestroOperation {operation.Text("Id")}", StringComparison.Ordinal));

        // Unpaced from here: whoever comes next gets the lease and brings it to its end.
        console.Run($"Disconnect-Maestro; {lab.Connect}").MustSucceed();
        Assert.Equal(["Succeeded"], console.Run("Resume-MaestroOperation $args[0]", operation.Text("Id")).MustSucceed().Values("State"));
        Assert.Equal(12, console.Run("Get-GroupMember dmz -State Active").Output.Count);
    }
}

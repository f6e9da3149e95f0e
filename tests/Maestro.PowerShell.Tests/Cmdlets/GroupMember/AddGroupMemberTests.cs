using System.Management.Automation;

namespace Maestro.PowerShell.Tests.Cmdlets.GroupMember;

public sealed class AddGroupMemberTests
{
    [Fact]
    public void Eight_piped_gateways_are_one_operation_and_one_apply()
    {
        using var console = LabConsole.Open(LabConsole.Lab + "; New-SecurityGroup dmz");
        var outcome = console.Run("(Get-Gateway)[0..7] | Add-GroupMember dmz").MustSucceed();

        Assert.Equal(8, outcome.Output.Count);
        Assert.All(outcome.Values("State"), state => Assert.Equal("Active", state));
        var operation = Assert.Single(console.Run("Get-MaestroOperation -Kind AddGroupMember").Output);
        Assert.Single(operation.List("Step"), step => step.Text("Kind") == "topology.apply");
    }

    [Fact]
    public void A_member_already_is_written_and_nothing_is_sent()
    {
        using var lab = new KeptLab();
        using var console = LabConsole.WithGroup(3, lab.Connect);
        var before = lab.Fingerprint();
        var outcome = console.Run("Get-Gateway -SecurityGroup dmz | Add-GroupMember dmz").MustSucceed();

        Assert.Equal(["1_1", "1_2", "1_3"], outcome.Values("Member"));
        Assert.Equal(before, lab.Fingerprint());
        Assert.Empty(console.Run("Get-MaestroOperation -Kind AddGroupMember").Output);
    }

    [Fact]
    public void A_bad_gateway_is_its_own_error_and_the_rest_join()
    {
        using var console = LabConsole.WithGroup(2);
        console.Run("New-SecurityGroup edge (Get-Gateway -Unassigned -Site 2)[0]").MustSucceed();
        var outcome = console.Run("$taken = (Get-Gateway -SecurityGroup edge).Id; 'nope', $taken, (Get-Gateway -Unassigned -Site 1)[0].Id.ToLower() | Add-GroupMember dmz");

        Assert.Equal(["Maestro.GatewayNotFound", "Maestro.GatewayInUse"], outcome.ErrorIds);
        Assert.Equal([ErrorCategory.ObjectNotFound, ErrorCategory.ResourceExists], outcome.Errors.Select(e => e.CategoryInfo.Category));
        Assert.Equal(["nope", console.Run("$taken").Output[0].ToString()!], outcome.Errors.Select(e => e.TargetObject.ToString()!));
        Assert.Contains("Move-GroupMember edge 2_1 -Destination dmz", outcome.Errors[1].ErrorDetails.RecommendedAction, StringComparison.Ordinal);
        Assert.Equal(["1_3"], outcome.Values("Member"));
    }

    [Fact]
    public void Rows_of_a_file_are_taken_by_their_columns()
    {
        using var console = LabConsole.WithGroup(2);
        var outcome = console.Run("Get-Gateway -Unassigned -Site 2 | ForEach-Object { [pscustomobject]@{ SecurityGroup = 'dmz'; Gateway = $_.Id } } | Add-GroupMember -Weight 20").MustSucceed();

        Assert.Equal(6, outcome.Output.Count);
        Assert.All(outcome.Values("Weight"), weight => Assert.Equal("20", weight));
    }

    [Fact]
    public void A_replacement_takes_the_others_weight_and_the_other_leaves()
    {
        using var console = LabConsole.WithGroup(3);
        console.Run("Set-GroupMember dmz 1_3 -Weight 77").MustSucceed();
        var outcome = console.Run("$old = (Get-GroupMember dmz 1_3).Gateway; Add-GroupMember dmz (Get-Gateway -Unassigned -Site 1)[0] -Replace 1_3").MustSucceed();

        Assert.Equal(["77"], outcome.Values("Weight"));
        Assert.Equal(["Unassigned"], console.Run("Get-Gateway $old").Values("State"));
        Assert.Equal(3, console.Run("Get-GroupMember dmz").Output.Count);
    }

    [Fact]
    public void With_stage_the_member_is_pending()
    {
        using var console = LabConsole.WithGroup(2);
        console.Run("(Get-Gateway -Unassigned)[0] | Add-GroupMember dmz -Stage").MustSucceed();

        Assert.Equal(2, console.Run("Get-GroupMember dmz").Output.Count);
        Assert.NotEmpty(console.Run("Get-PendingChange dmz").Output);
    }

    [Fact]
    public void Somebody_elses_pending_change_stops_it_once_and_nothing_is_sent()
    {
        using var lab = new KeptLab();
        var id = "";
        using (var first = LabConsole.WithGroup(2, lab.Connect)) id = first.Run("(Get-Gateway -Unassigned)[0].Id").Output[0].ToString()!;
        lab.StageAsBob("", id);

        using var console = LabConsole.Open(lab.Connect);
        var before = lab.Fingerprint();
        var error = console.Run("Get-Gateway -Unassigned | Add-GroupMember dmz").MustFail("ForeignChange", ErrorCategory.ResourceBusy, id);
        Assert.Contains("bob", error.ErrorDetails.Message, StringComparison.Ordinal);
        Assert.Equal(before, lab.Fingerprint());
    }

    [Fact]
    public void A_gateway_that_does_not_answer_is_refused()
    {
        using var lab = new KeptLab();
        var id = "";
        using (var first = LabConsole.WithGroup(2, lab.Connect)) id = first.Run("(Get-Gateway -Unassigned)[0].Id").Output[0].ToString()!;
        lab.TakeOffTheNetwork(id);

        using var console = LabConsole.Open(lab.Connect);
        console.Run("Add-GroupMember dmz $args[0]", id).MustFail("MemberUnreachable", ErrorCategory.ConnectionError, id);
    }
}

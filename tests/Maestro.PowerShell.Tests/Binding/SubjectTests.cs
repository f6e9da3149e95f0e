using Maestro.PowerShell.Tests.Cmdlets;

namespace Maestro.PowerShell.Tests.Binding;

public sealed class SubjectTests
{
    [Theory]
    [InlineData("Get-Gateway 9001E5", "9001E5")]
    [InlineData("Set-Gateway 9001E5 -Description x", "9001E5")]
    [InlineData("Get-GroupMember 007", "007")]
    [InlineData("Add-GroupMember dmz 12d", "12d")]
    [InlineData("Get-MaestroOperation 9e9", "9e9")]
    public void An_id_that_looks_like_a_number_stays_as_it_was_typed(string script, string typed)
    {
        using var console = LabConsole.WithGroup(2);
        Assert.Equal(typed, Assert.Single(console.Run(script).Errors).TargetObject.ToString());
    }

    [Theory]
    [InlineData("Get-GroupMember -SecurityGroup 1", 2)]
    [InlineData("1 | Get-GroupMember", 2)]
    [InlineData("'1' | Get-GroupMember", 2)]
    [InlineData("[pscustomobject]@{ SecurityGroup = '1' } | Get-GroupMember", 2)]
    [InlineData("Get-SecurityGroup dmz | Get-GroupMember", 2)]
    [InlineData("Get-SecurityGroup dmz | Suspend-GroupMember -Member 1_2 -SkipCheck Capacity -PassThru", 1)]
    [InlineData("Get-MaestroOperation | Get-GroupMember", 2)]
    public void A_group_is_taken_by_name_id_or_object(string script, int members)
    {
        using var console = LabConsole.WithGroup(2);
        Assert.Equal(members, console.Run(script).MustSucceed().Output.Count);
    }

    [Fact]
    public void An_empty_name_is_refused_and_never_means_all()
    {
        using var console = LabConsole.WithGroup(2);
        Assert.NotEmpty(console.Run("Get-GroupMember -SecurityGroup ''").Errors);
        foreach (var get in new[] { "Get-GroupMember", "Get-SecurityGroup", "Get-Gateway", "Get-PendingChange", "Get-MaestroOperation" })
        {
            var outcome = console.Run($"(Get-Gateway -Unassigned)[0] | {get}");
            Assert.Empty(outcome.Output);
            Assert.Single(outcome.Errors);
        }
    }

    [Fact]
    public void A_session_is_taken_by_name_or_object()
    {
        using var console = LabConsole.Open("Connect-Maestro -Lab -Name one; Connect-Maestro -Lab -Name two");
        Assert.Equal("one", console.Run("(Get-Gateway -Session ONE)[0].Session").MustSucceed().Output[0].ToString());
        Assert.Equal("one", console.Run("(Get-Gateway -Session (Get-MaestroSession one))[0].Session").MustSucceed().Output[0].ToString());
    }
}

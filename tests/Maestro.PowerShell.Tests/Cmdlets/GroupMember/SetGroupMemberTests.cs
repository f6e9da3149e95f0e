using System.Management.Automation;

namespace Maestro.PowerShell.Tests.Cmdlets.GroupMember;

public sealed class SetGroupMemberTests
{
    [Fact]
    public void Weight_and_description_are_changed_in_one_operation_and_auto_takes_the_weight_back()
    {
        using var console = LabConsole.WithGroup(3);
        var outcome = console.Run("Get-GroupMember dmz | Set-GroupMember -Weight 100 -Description rack -PassThru").MustSucceed();
        Assert.Equal(["100", "100", "100"], outcome.Values("Weight"));
        Assert.Equal(["rack", "rack", "rack"], outcome.Values("Description"));
        Assert.Single(console.Run("Get-MaestroOperation -Kind SetGroupMember").Output);

        Assert.Equal(["rack"], console.Run("Set-GroupMember dmz 1_1 -Weight Auto -PassThru").MustSucceed().Values("Description"));
        Assert.Equal(["", "100", "100"], console.Run("Get-GroupMember dmz").Values("Weight"));
    }

    [Theory]
    [InlineData("513")]
    [InlineData("-1")]
    [InlineData("heavy")]
    [InlineData("1.5")]
    public void A_weight_out_of_range_is_refused_at_binding(string weight)
    {
        using var console = LabConsole.WithGroup(2);
        Assert.StartsWith("ParameterArgumentTransformationError", Assert.Single(console.Run("Set-GroupMember dmz 1_1 -Weight $args[0]", weight).Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_to_set_is_refused()
    {
        using var console = LabConsole.WithGroup(2);
        console.Run("Set-GroupMember dmz 1_1").MustFail("ParameterInvalid", ErrorCategory.InvalidArgument, "Set-GroupMember");
    }
}

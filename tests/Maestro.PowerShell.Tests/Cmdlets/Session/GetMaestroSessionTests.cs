using System.Management.Automation;

namespace Maestro.PowerShell.Tests.Cmdlets.Session;

public sealed class GetMaestroSessionTests
{
    [Fact]
    public void Wildcards_are_matched_and_only_an_unknown_literal_is_an_error()
    {
        using var console = LabConsole.Open("Connect-Maestro -Lab -Name one; Connect-Maestro -Lab -Name two");

        Assert.Equal(["one", "two"], console.Run("Get-MaestroSession").Values("Name"));
        Assert.Equal(["two"], console.Run("Get-MaestroSession T*").Values("Name"));
        Assert.Empty(console.Run("Get-MaestroSession x*").MustSucceed().Output);
        console.Run("Get-MaestroSession nobody").MustFail("SessionNotFound", ErrorCategory.ObjectNotFound, "nobody");
    }
}

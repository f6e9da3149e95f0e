using System.Management.Automation;

namespace Maestro.PowerShell.Tests.Cmdlets.Fabric;

public sealed class GetOrchestratorTests
{
    [Fact]
    public void Orchestrators_are_listed_by_site_and_only_an_unknown_literal_is_an_error()
    {
        using var console = LabConsole.Open();

        Assert.Equal(["1_1", "1_2", "2_1", "2_2"], console.Run("Get-Orchestrator").Values("Id"));
        Assert.Equal(["2_1", "2_2"], console.Run("Get-Orchestrator -Site 2").Values("Id"));
        Assert.Equal(["1_2", "2_2"], console.Run("Get-Orchestrator *_2").Values("Id"));
        Assert.Empty(console.Run("Get-Orchestrator 1_1 -Site 2").MustSucceed().Output);
        Assert.NotEmpty(console.Run("Get-Gateway | Get-Orchestrator").Errors);
        console.Run("Get-Orchestrator 3_1").MustFail("OrchestratorNotFound", ErrorCategory.ObjectNotFound, "3_1");
    }
}

using System.Management.Automation;

namespace Maestro.PowerShell.Tests.Cmdlets.Fabric;

public sealed class GetOrchestratorPortTests
{
    [Fact]
    public void Ports_are_found_by_name_id_orchestrator_type_and_owner()
    {
        using var console = LabConsole.Open();

        Assert.Equal(["1/5/1"], console.Run("Get-OrchestratorPort eth1-05").Values("Id"));
        Assert.Equal(["eth1-05"], console.Run("Get-OrchestratorPort 1/5/1").Values("Name"));
        Assert.Equal(4, console.Run("Get-OrchestratorPort -Orchestrator 1_1 -Type Uplink").Output.Count);
        Assert.Equal(2, console.Run("Get-Orchestrator -Site 1 | Get-OrchestratorPort -Type Management").MustSucceed().Output.Count);

        console.Run("(Get-Gateway -Unassigned -Site 1)[0..1] | New-SecurityGroup dmz -Port eth1-05").MustSucceed();
        Assert.DoesNotContain("eth1-05", console.Run("Get-OrchestratorPort -Free").Values("Name"));
        Assert.Equal(["dmz"], console.Run("(Get-OrchestratorPort eth1-05).SecurityGroup").Output.Select(o => o.ToString()));
    }

    [Fact]
    public void Only_an_unknown_literal_is_an_error()
    {
        using var console = LabConsole.Open();

        Assert.Empty(console.Run("Get-OrchestratorPort eth9*").MustSucceed().Output);
        console.Run("Get-OrchestratorPort eth9-99").MustFail("PortNotFound", ErrorCategory.ObjectNotFound, "eth9-99");
        console.Run("Get-OrchestratorPort -Orchestrator 9_9").MustFail("OrchestratorNotFound", ErrorCategory.ObjectNotFound, "9_9");
    }
}

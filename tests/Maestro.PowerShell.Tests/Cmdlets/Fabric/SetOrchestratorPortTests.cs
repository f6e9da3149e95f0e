using System.Management.Automation;

namespace Maestro.PowerShell.Tests.Cmdlets.Fabric;

public sealed class SetOrchestratorPortTests
{
    [Fact]
    public void A_port_is_live_at_once_after_one_question()
    {
        using var console = LabConsole.Open();
        var outcome = console.Run("Set-OrchestratorPort eth1-05 -Mtu 1500 -Enabled $false -PassThru").MustSucceed();

        Assert.Equal(["1500"], outcome.Values("Mtu"));
        Assert.Equal(["False"], outcome.Values("Enabled"));
        Assert.Empty(console.Run("Get-PendingChange").Output);
        Assert.Contains("becomes disabled, MTU 1500, at once", Assert.Single(console.Host.Questions), StringComparison.Ordinal);
    }

    [Fact]
    public void Force_answers_the_question_and_a_second_call_sends_nothing()
    {
        using var console = LabConsole.Open();
        console.Run("Get-OrchestratorPort eth1-0* | Set-OrchestratorPort -Mtu 1500 -Force").MustSucceed();
        console.Run("Get-OrchestratorPort eth1-0* | Set-OrchestratorPort -Mtu 1500 -Force").MustSucceed();

        Assert.Empty(console.Host.Questions);
        Assert.Single(console.Run("Get-MaestroOperation").Output);
    }

    [Fact]
    public void Nothing_to_set_is_refused_and_an_unknown_port_is_its_own_error()
    {
        using var console = LabConsole.Open();
        console.Run("Set-OrchestratorPort eth1-05").MustFail("ParameterInvalid", ErrorCategory.InvalidArgument, "Set-OrchestratorPort");

        var outcome = console.Run("'eth9-99', 'eth1-05' | Set-OrchestratorPort -Mtu 1500 -Force -PassThru");
        outcome.MustFail("PortNotFound", ErrorCategory.ObjectNotFound, "eth9-99");
        Assert.Equal(["eth1-05"], outcome.Values("Name"));
    }
}

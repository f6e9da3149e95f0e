using System.Management.Automation;

namespace Maestro.PowerShell.Tests.Cmdlets.Fabric;

public sealed class SetGatewayTests
{
    [Fact]
    public void Many_gateways_are_described_in_one_operation_and_written_only_on_request()
    {
        using var console = LabConsole.Open();
        Assert.Empty(console.Run("Get-Gateway -Site 1 | Set-Gateway -Description 'rack A'").MustSucceed().Output);
        Assert.Equal(6, console.Run("Get-Gateway").Values("Description").Count(d => d == "rack A"));
        Assert.Single(console.Run("Get-MaestroOperation").Output);

        var again = console.Run("Get-Gateway -Site 1 | Set-Gateway -Description 'rack A' -PassThru").MustSucceed();
        Assert.Equal(6, again.Output.Count);
        Assert.Single(console.Run("Get-MaestroOperation").Output);
    }

    [Fact]
    public void An_id_is_taken_in_any_case_and_an_unknown_one_is_its_own_error()
    {
        using var console = LabConsole.Open();
        var outcome = console.Run("$id = (Get-Gateway)[0].Id; 'nope', $id.ToLower() | Set-Gateway -Description spare -PassThru");

        outcome.MustFail("GatewayNotFound", ErrorCategory.ObjectNotFound, "nope");
        Assert.Equal(["spare"], outcome.Values("Description"));
    }

    [Fact]
    public void With_stage_it_stops_at_pending()
    {
        using var console = LabConsole.Open();
        console.Run("$id = (Get-Gateway)[0].Id; Set-Gateway $id -Description spare -Stage").MustSucceed();

        Assert.Equal([""], console.Run("Get-Gateway $id").Values("Description"));
        Assert.Equal(["spare"], console.Run("Get-PendingChange").Values("Pending"));
    }
}

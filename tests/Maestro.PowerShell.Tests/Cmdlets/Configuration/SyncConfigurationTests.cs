using System.Management.Automation;

namespace Maestro.PowerShell.Tests.Cmdlets.Configuration;

public sealed class SyncConfigurationTests
{
    [Fact]
    public void All_members_get_their_own_of_one_configuration_and_the_report_is_written()
    {
        using var configuration = new ConfigurationFile(forwarding: 1);
        using var console = LabConsole.WithGroup(3);
        var report = Assert.Single(console.Run("Sync-Configuration dmz -Path $args[0] -Message CHG0043", configuration.Path).MustSucceed().Output);

        Assert.Equal(["dmz", "Confirmed", "1"], new[] { "SecurityGroup", "Outcome", "Version" }.Select(report.Text));
        Assert.All(report.List("Member"), m => Assert.Equal((report.Text("Fingerprint"), ""), (m.Text("After"), m.Text("Before"))));
        Assert.Equal(["1", "1", "1"], console.Run("Get-GroupMember dmz").Values("ConfigurationVersion"));
        Assert.Equal(["1"], console.Run("Get-SecurityGroup dmz").Values("ConfigurationVersion"));
        Assert.Equal([""], console.Run("Get-SecurityGroup dmz").Values("PolicyVersion"));
        Assert.Equal(["SyncConfiguration"], console.Run("Get-MaestroOperation $args[0]", report.Text("Id")).Values("Kind"));
    }

    [Fact]
    public void A_second_run_sends_and_writes_nothing_and_says_unchanged()
    {
        using var lab = new KeptLab();
        using var configuration = new ConfigurationFile(forwarding: 1);
        using var console = LabConsole.WithGroup(3, lab.Connect);
        console.Run("$null = Sync-Configuration dmz -Path $args[0]", configuration.Path).MustSucceed();
        var before = lab.Fingerprint();

        Assert.Equal(["Unchanged"], console.Run("Sync-Configuration dmz -Path $args[0]", configuration.Path).MustSucceed().Values("Outcome"));
        Assert.Equal(["Unchanged"], console.Run("Get-SecurityGroup dmz | Sync-Configuration").MustSucceed().Values("Outcome"));
        Assert.Equal(before, lab.Fingerprint());
    }

    [Fact]
    public void A_configuration_with_faults_is_refused_with_line_and_column_and_one_that_is_not_there_by_its_path()
    {
        using var lab = new KeptLab();
        using var configuration = new ConfigurationFile("{ \"version\": 1,\n  \"sysctls\": {} }");
        using var console = LabConsole.WithGroup(2, lab.Connect);
        var before = lab.Fingerprint();
        var error = console.Run("Sync-Configuration dmz -Path $args[0]", configuration.Path).MustFail("ConfigurationInvalid", ErrorCategory.InvalidData, configuration.Path);
        Assert.Contains("gateways.json:2:3: unknown key 'sysctls'; did you mean 'sysctl'?", error.ErrorDetails.Message, StringComparison.Ordinal);
        console.Run("Sync-Configuration dmz -Path $args[0]", configuration.Path + ".none").MustFail("ConfigurationNotFound", ErrorCategory.ObjectNotFound, configuration.Path + ".none");
        console.Run("Sync-Configuration dmz").MustFail("ConfigurationNotFound", ErrorCategory.ObjectNotFound, "dmz");
        Assert.Equal(before, lab.Fingerprint());
    }

    [Fact]
    public void Prepared_it_touches_nothing_and_held_it_is_taken_back_or_confirmed_by_a_resume()
    {
        using var configuration = new ConfigurationFile(forwarding: 1);
        using var console = LabConsole.WithGroup(2);
        Assert.Equal(["Prepared"], console.Run("Sync-Configuration dmz -Path $args[0] -PrepareOnly", configuration.Path).MustSucceed().Values("Outcome"));
        Assert.Equal(["", ""], console.Run("Get-GroupMember dmz").Values("ConfigurationVersion"));

        Assert.Equal(["Held"], console.Run("$held = Sync-Configuration dmz -Path $args[0] -HoldForConfirmation; $held", configuration.Path).MustSucceed().Values("Outcome"));
        console.Run("$held | Resume-MaestroOperation").MustSucceed();
        Assert.Equal(["1"], console.Run("Get-SecurityGroup dmz").Values("ConfigurationVersion"));
        console.Run("Sync-Configuration dmz -Path $args[0] -PrepareOnly -HoldForConfirmation", configuration.Path).MustFail("ParameterInvalid", ErrorCategory.InvalidArgument, "dmz");
    }

    [Fact]
    public void A_joiner_and_a_member_that_was_restarted_have_it_and_policy_and_configuration_are_numbered_apart()
    {
        using var policy = new PolicyFile();
        using var configuration = new ConfigurationFile(forwarding: 1);
        using var console = LabConsole.WithGroup(3);
        console.Run("$null = Sync-Configuration dmz -Path $args[0]; $null = Sync-Policy dmz -Path $args[1]; (Get-Gateway -Unassigned)[0] | Add-GroupMember dmz; Restart-GroupMember dmz 1_1 -Force", configuration.Path, policy.Path).MustSucceed();
        Assert.Equal(["1", "1", "1", "1"], console.Run("Get-GroupMember dmz").Values("ConfigurationVersion"));
        Assert.Empty(console.Run("Compare-Configuration dmz; Compare-Policy dmz").MustSucceed().Output);
    }
}

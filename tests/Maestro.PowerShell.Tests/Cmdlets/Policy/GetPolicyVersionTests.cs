using System.Management.Automation;

namespace Maestro.PowerShell.Tests.Cmdlets.Policy;

public sealed class GetPolicyVersionTests
{
    [Fact]
    public void Versions_come_newest_first_with_who_when_why_and_from_where()
    {
        using var web = new PolicyFile();
        using var other = new PolicyFile("table inet other { }\n");
        using var console = LabConsole.WithGroup(2);
        console.Run("$null = Sync-Policy dmz -Path $args[0] -Message first; $null = Sync-Policy dmz -Path $args[1] -Message CHG0042", web.Path, other.Path).MustSucceed();
        var versions = console.Run("Get-PolicyVersion dmz").MustSucceed();

        Assert.Equal(["2", "1"], versions.Values("Version"));
        Assert.Equal(["Confirmed", "Superseded"], versions.Values("State"));
        Assert.Equal(["True", "False"], versions.Values("IsCurrent"));
        Assert.Equal(["CHG0042", "first"], versions.Values("Message"));
        Assert.Equal([other.Path, web.Path], versions.Values("Source"));
        Assert.Equal(["1", ""], versions.Values("Parent"));
        Assert.Equal(["dmz", "dmz"], versions.Values("SecurityGroup"));
        Assert.All(versions.Output, v => Assert.Equal("False", v.Text("Recovered")));
        Assert.All(versions.Values("CreatedAt").Concat(versions.Values("Author")), Assert.NotEmpty);
    }

    [Fact]
    public void Newest_and_Version_choose_and_a_number_that_is_not_there_is_its_own_error()
    {
        using var web = new PolicyFile();
        using var other = new PolicyFile("table inet other { }\n");
        using var console = LabConsole.WithGroup(2);
        console.Run("$null = Sync-Policy dmz -Path $args[0]; $null = Sync-Policy dmz -Path $args[1]", web.Path, other.Path).MustSucceed();

        Assert.Equal(["2"], console.Run("Get-PolicyVersion dmz -Newest 1").MustSucceed().Values("Version"));
        Assert.Equal(["2", "1"], console.Run("Get-PolicyVersion dmz -Version 1, 2").MustSucceed().Values("Version"));
        var outcome = console.Run("Get-PolicyVersion dmz -Version 7, 1");
        outcome.MustFail("PolicyVersionNotFound", ErrorCategory.ObjectNotFound, "7");
        Assert.Equal(["1"], outcome.Values("Version"));
    }

    [Fact]
    public void A_session_keeps_as_many_as_it_was_told_to_and_the_one_to_go_back_to_in_any_case()
    {
        using var policies = new PolicyFile();
        using var console = LabConsole.WithGroup(2, "Connect-Maestro -Lab -VersionCount 1");
        console.Run("foreach ($n in 1..4) { [System.IO.File]::WriteAllText($args[0], \"table inet web$n { }\"); $null = Sync-Policy dmz -Path $args[0] }", policies.Path).MustSucceed();

        Assert.Equal(["4", "3"], console.Run("Get-PolicyVersion dmz").MustSucceed().Values("Version"));
        console.Run("Restore-Policy dmz -Force").MustSucceed();
    }

    [Fact]
    public void A_version_that_was_taken_back_says_so()
    {
        using var web = new PolicyFile();
        using var console = LabConsole.WithGroup(3);
        Assert.Single(console.Run("$null = Sync-Policy dmz -Path $args[0] -Timeout 1", web.Path).Errors);
        console.Run("Get-MaestroOperation -Newest 1 | Stop-MaestroOperation -Force").MustSucceed();

        Assert.Equal(["Reverted"], console.Run("Get-PolicyVersion dmz").MustSucceed().Values("State"));
    }

    [Fact]
    public void Groups_and_members_from_the_pipeline_stand_for_their_group_and_an_unknown_one_is_its_own_error()
    {
        using var web = new PolicyFile();
        using var console = LabConsole.WithGroup(2);
        console.Run("$null = Sync-Policy dmz -Path $args[0]", web.Path).MustSucceed();

        Assert.Equal(["1"], console.Run("Get-SecurityGroup dmz | Get-PolicyVersion").MustSucceed().Values("Version"));
        Assert.Equal(["1"], console.Run("Get-PolicyVersion (Get-SecurityGroup dmz).Id").MustSucceed().Values("Version"));
        console.Run("Get-PolicyVersion nope").MustFail("GroupNotFound", ErrorCategory.ObjectNotFound, "nope");
    }

    /// <summary>A hosted runner begins with an empty store.</summary>
    [Fact]
    public void A_store_that_knows_nothing_reads_the_version_back_from_the_members()
    {
        using var lab = new KeptLab();
        using var web = new PolicyFile();
        var fingerprint = "";
        using (var first = LabConsole.WithGroup(2, lab.Connect))
        {
            first.Run("$null = Sync-Policy dmz -Path $args[0] -Message first", web.Path).MustSucceed();
            fingerprint = first.Run("(Get-PolicyVersion dmz).Fingerprint").Output[0].ToString()!;
        }

        using var console = LabConsole.Open($"{lab.Connect} -StorePath '{Path.Combine(lab.Folder, "empty.db")}'");
        var version = Assert.Single(console.Run("Get-PolicyVersion dmz").MustSucceed().Output);
        Assert.Equal(["1", "Confirmed", "True", "True", ""], new[] { "Version", "State", "IsCurrent", "Recovered", "CreatedAt" }.Select(version.Text));
        Assert.Equal(fingerprint, version.Text("Fingerprint"));
    }
}
